// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.expressions;

import io.github.headcounthll.spark.functions.NamedFunction;
import io.github.headcounthll.spark.functions.ScalarCall;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.DataType;

/** The calls of a function with as many parameters as an expression has arguments, all of one result type. */
record ScalarCalls(List<ScalarCall> candidates) implements Serializable {
    /** The call whose first parameter has the type of this argument; the first call if none has, or if it is not known yet. */
    ScalarCall of(Expression argument) {
        if (candidates.size() > 1 && argument.resolved()) {
            DataType type = NamedFunction.widened(argument.dataType());
            for (ScalarCall candidate : candidates) {
                if (candidate.inputTypes()[0].equals(type)) {
                    return candidate;
                }
            }
        }
        return candidates.get(0);
    }
}
