// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.api.Arguments;
import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.ColumnFunctions;
import io.github.headcounthll.core.api.Functions;
import io.github.headcounthll.core.api.RowResults;
import io.github.headcounthll.core.api.Scalar;

/** The stateless functions; the sidecar knows them by their SQL names. */
record SidecarFunctions(Exchange exchange) implements Functions, ColumnFunctions {
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
            // A precision is returned for valid sketches only, and is short.
            return call(Scalar.PRECISION, arguments);
        }
        if (function.sqlName() == null) {
            throw CallErrors.argument("the sidecar has no function " + function);
        }
        return new ScalarCall(exchange, function, arguments);
    }
}
