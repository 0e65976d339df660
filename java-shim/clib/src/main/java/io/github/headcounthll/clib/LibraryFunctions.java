// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import io.github.headcounthll.core.api.Arguments;
import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.Functions;
import io.github.headcounthll.core.api.Scalar;
import java.util.Arrays;

/** The stateless functions over columns, through a {@link Caller}. */
public class LibraryFunctions implements Functions {
    /** An upper bound for the bytes of a sketch of one id. */
    protected static final int SMALL = 64;

    /** The C function of each scalar, by ordinal. */
    private static final CFunction[] C = Arrays.stream(Scalar.values())
            .map(function -> CFunction.valueOf(function.name()))
            .toArray(CFunction[]::new);

    private final Caller caller;

    public LibraryFunctions(Caller caller) {
        this.caller = caller;
    }

    @Override
    public final void check(Scalar function, Arguments arguments) {
        for (RowRange rows = RowRange.first(arguments); rows != null; rows = rows.next()) {
            try (Invocation call = begin(function, arguments, rows)) {
                call.callForOk(rows.from());
            }
        }
    }

    @Override
    public final void int64(Scalar function, Arguments arguments, long[] out) {
        values(function, arguments, ArraySlice.of(out));
    }

    @Override
    public final void float64(Scalar function, Arguments arguments, double[] out) {
        values(function, arguments, ArraySlice.of(out));
    }

    private void values(Scalar function, Arguments arguments, ArraySlice out) {
        int width = function.width();
        ArraySlice wanted = out.part(0, Math.multiplyExact(arguments.rows(), width));
        for (RowRange rows = RowRange.first(arguments); rows != null; rows = rows.next()) {
            try (Invocation call = begin(function, arguments, rows)) {
                call.out(wanted.part(rows.from() * width, rows.count() * width)).callForOk(rows.from());
            }
        }
    }

    @Override
    public final Column sketches(Scalar function, Arguments arguments) {
        long bytes = function.takesText() || function.columns() == 0
                ? (long) arguments.rows() * SMALL
                : RowRange.totalLength(arguments.a()) + RowRange.totalLength(arguments.b());
        WrittenSketches out = new WrittenSketches(arguments.rows(), Math.max(SMALL, bytes));
        for (RowRange rows = RowRange.first(arguments); rows != null; rows = rows.next()) {
            out.write(rows, rows.totalLength() + (long) rows.count() * SMALL, part -> begin(function, arguments, part));
        }
        return out.column();
    }

    /** Starts a call on some of the rows, with all arguments before the output. */
    private Invocation begin(Scalar function, Arguments arguments, RowRange rows) {
        int each = function.valuesPerRow();
        ArraySlice values =
                each == 0 ? null : ArraySlice.of(arguments.values(), rows.from() * each, rows.count() * each);
        Invocation call = rows.of(caller, C[function.ordinal()], isLong(function));
        if (function.takesIntegers()) {
            call.in(values);
        }
        if (function.takesIntegers() || function.columns() > 0) {
            call.number(rows.count());
        }
        if (function.takesPercents()) {
            call.in(ArraySlice.of(arguments.percents(), rows.from(), rows.count()));
        }
        if (function.takesSizes()) {
            call.in(values);
        }
        return function.takesNumber() ? call.number(arguments.number()) : call;
    }

    /** A joint estimate of two sketches, and a layout of many buckets, take long, whatever the size of the arguments. */
    private static boolean isLong(Scalar function) {
        return function.columns() == 2 && function.result() == Scalar.Result.FLOAT64 || function.takesSizes();
    }
}
