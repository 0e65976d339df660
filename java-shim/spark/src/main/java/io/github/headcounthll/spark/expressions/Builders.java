// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.expressions;

import io.github.headcounthll.core.api.Scalar;
import io.github.headcounthll.spark.functions.NamedFunction;
import io.github.headcounthll.spark.functions.ScalarCall;
import io.github.headcounthll.spark.functions.SparkFunction;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.types.DataTypes;
import scala.Function1;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** Makes the expression of a function from its arguments, before Spark knows their types. */
public final class Builders {
    private Builders() {}

    public static Function1<Seq<Expression>, Expression> builder(NamedFunction function) {
        return arguments -> build(function, JavaConverters.seqAsJavaList(arguments));
    }

    private static Expression build(NamedFunction function, List<Expression> arguments) {
        List<SparkFunction> signatures = function.ofArity(arguments.size());
        if (signatures.isEmpty()) {
            throw WrongArguments.count(function, arguments.size());
        }
        if (function.isAggregate()) {
            return new SketchAggregate(signatures.get(0), arguments);
        }
        if (arguments.isEmpty()) {
            return new ScalarExpression(
                    new ScalarCalls(List.of(ScalarCall.of(function.ofArity(1).get(0)))),
                    List.of(Literal.create(Scalar.DEFAULT_PRECISION, DataTypes.LongType)));
        }
        return new ScalarExpression(
                new ScalarCalls(signatures.stream().map(ScalarCall::of).toList()), arguments);
    }

    /** The numbers of parameters that a function has signatures for: "1 or 2". */
    static String counts(NamedFunction function) {
        return function.signatures().stream()
                .map(signature -> signature.parameters().size())
                .distinct()
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(" or "));
    }
}
