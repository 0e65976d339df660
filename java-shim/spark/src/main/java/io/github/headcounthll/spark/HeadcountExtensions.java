// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark;

import io.github.headcounthll.spark.expressions.Builders;
import io.github.headcounthll.spark.functions.FunctionTable;
import io.github.headcounthll.spark.functions.NamedFunction;
import io.github.headcounthll.spark.plans.SketchStrategy;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.SparkSessionExtensionsProvider;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import scala.Tuple3;
import scala.runtime.BoxedUnit;

/**
 * Adds the functions to a session under their plain names:
 *
 * <pre>spark.sql.extensions=io.github.headcounthll.spark.HeadcountExtensions</pre>
 *
 * Spark 4 finds it by itself when the jar is on the driver's class path at start.
 */
public final class HeadcountExtensions implements SparkSessionExtensionsProvider {
    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        for (NamedFunction function : FunctionTable.functions()) {
            extensions.injectFunction(
                    new Tuple3<>(new FunctionIdentifier(function.name()), info(function), Builders.builder(function)));
        }
        extensions.injectPlannerStrategy(session -> new SketchStrategy());
        return BoxedUnit.UNIT;
    }

    private static ExpressionInfo info(NamedFunction function) {
        return new ExpressionInfo(
                HeadcountExtensions.class.getName(),
                null,
                function.name(),
                function.usage(),
                "",
                "",
                "",
                function.isAggregate() ? "agg_funcs" : "misc_funcs",
                "3.5.0",
                "",
                "built-in");
    }
}
