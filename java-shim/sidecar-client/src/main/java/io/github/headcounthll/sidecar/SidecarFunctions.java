// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.api.Arguments;
import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.ColumnFunctions;
import io.github.headcounthll.core.api.Functions;
import io.github.headcounthll.core.api.RowResults;
import io.github.headcounthll.core.api.Scalar;

/** The calls that keep no state, by the function's name in SQL. */
final class SidecarFunctions implements Functions, ColumnFunctions {
    private final Exchange exchange;

    SidecarFunctions(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public RowResults answer(Scalar function, Column column, long number) {
        return call(function, new Arguments(column.rows(), column, null, null, number))
                .answers();
    }

    @Override
    public void check(Scalar function, Arguments arguments) {
        call(function, arguments).words();
    }

    @Override
    public void int64(Scalar function, Arguments arguments, long[] out) {
        long[] words = call(function, arguments).words();
        System.arraycopy(words, 0, out, 0, words.length);
    }

    @Override
    public void float64(Scalar function, Arguments arguments, double[] out) {
        long[] words = call(function, arguments).words();
        for (int i = 0; i < words.length; i++) {
            out[i] = Double.longBitsToDouble(words[i]);
        }
    }

    @Override
    public Column sketches(Scalar function, Arguments arguments) {
        return call(function, arguments).sketches();
    }

    private ScalarCall call(Scalar function, Arguments arguments) {
        if (function == Scalar.CHECK) {
            // Only a sketch has a precision, and the answer is short.
            return call(Scalar.PRECISION, arguments);
        }
        if (function.sqlName() == null) {
            throw exchange.argument("the sidecar has no function " + function);
        }
        ScalarCall call = new ScalarCall(exchange, function.sqlName(), result(function));
        if (function.takesIntegers()) {
            call.integers(arguments.values(), arguments.rows());
        } else if (arguments.a() == null) {
            call.rows(arguments.rows());
        } else if (function.takesText()) {
            call.text(arguments.a());
        } else {
            call.bytes(arguments.a());
        }
        if (arguments.b() != null) {
            call.bytes(arguments.b());
        }
        return function.takesNumber() ? call.number(arguments.number()) : call;
    }

    private static ExpectedColumn result(Scalar function) {
        return switch (function.result()) {
            case NOTHING -> throw new IllegalArgumentException(function + " has no result");
            case INT64 -> ExpectedColumn.INT64;
            case FLOAT64 ->
                function.width() == 1 ? ExpectedColumn.FLOAT64 : new ExpectedColumn(WireType.STRUCT, function.width());
            case SKETCH -> ExpectedColumn.BINARY;
        };
    }
}
