// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.expressions;

import io.github.headcounthll.spark.functions.NamedFunction;
import org.apache.spark.sql.AnalysisException;
import scala.collection.immutable.Map;

/** Errors of the analysis. */
final class WrongArguments {
    private WrongArguments() {}

    static RuntimeException count(NamedFunction function, int found) {
        Map<String, String> parameters = new Map.Map4<>(
                "functionName",
                "`" + function.name() + "`",
                "expectedNum",
                Builders.counts(function),
                "actualNum",
                String.valueOf(found),
                "docroot",
                "https://spark.apache.org/docs/latest");
        return WrongArguments.<RuntimeException>unchecked(
                new AnalysisException("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", parameters));
    }

    /** Scala has no checked exceptions. */
    @SuppressWarnings("unchecked")
    private static <E extends Exception> RuntimeException unchecked(Exception e) throws E {
        throw (E) e;
    }
}
