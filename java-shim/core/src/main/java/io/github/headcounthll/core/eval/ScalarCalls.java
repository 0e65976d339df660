// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.eval;

import io.github.headcounthll.core.api.Arguments;
import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.api.Functions;
import io.github.headcounthll.core.api.Scalar;

/**
 * The scalar functions for an engine that calls them by value, or by row of a block. NULL returns NULL. A backend that
 * evaluates whole columns is called through {@link BlockCalls}; any other is called row by row, except for checks ({@link
 * ChecksAhead}).
 *
 * @param <B> the engine's block
 * @param <V> the engine's value
 */
public final class ScalarCalls<B, V> {
    private final Functions functions;
    private final Blocks<B, V> blocks;
    /** Null if rows are evaluated one by one. */
    private final BlockCalls<B, V> columns;

    private final ChecksAhead<B, V> checks;

    public ScalarCalls(Backend backend, Blocks<B, V> blocks) {
        this.functions = backend.functions();
        this.blocks = blocks;
        this.columns = backend.columnFunctions() == null ? null : new BlockCalls<>(backend.columnFunctions(), blocks);
        this.checks = new ChecksAhead<>(functions, blocks);
    }

    // One-column functions, by value and by row of a block.

    /** INT64, or no result, which returns 0. */
    public Long int64(Scalar function, V value) {
        if (value == null) {
            return null;
        }
        return columns == null ? functions.int64(function, blocks.bytes(value)) : columns.int64(function, value);
    }

    public Long int64(Scalar function, B block, int row) {
        if (blocks.isNull(block, row)) {
            return null;
        }
        if (columns != null) {
            return columns.int64(function, blocks.holder(block), blocks.position(block, row));
        }
        if (function == Scalar.CHECK) {
            checks.check(blocks.holder(block), blocks.position(block, row));
            return 0L;
        }
        return functions.int64(function, blocks.bytes(blocks.value(block, row)));
    }

    /** FLOAT64. The number is 0 if the function takes none. */
    public double[] float64(Scalar function, V value, long number) {
        if (value == null) {
            return null;
        }
        return columns == null
                ? functions.float64(function, blocks.bytes(value), null, number)
                : columns.float64(function, value, number);
    }

    public double[] float64(Scalar function, B block, int row, long number) {
        if (blocks.isNull(block, row)) {
            return null;
        }
        return columns == null
                ? functions.float64(function, blocks.bytes(blocks.value(block, row)), null, number)
                : columns.float64(function, blocks.holder(block), blocks.position(block, row), number);
    }

    /** A sketch. The number is 0 if the function takes none. */
    public V sketch(Scalar function, V value, long number) {
        if (value == null) {
            return null;
        }
        return columns == null
                ? blocks.value(functions.sketch(function, blocks.bytes(value), null, number))
                : columns.sketch(function, value, number);
    }

    public V sketch(Scalar function, B block, int row, long number) {
        if (blocks.isNull(block, row)) {
            return null;
        }
        return columns == null
                ? blocks.value(functions.sketch(function, blocks.bytes(blocks.value(block, row)), null, number))
                : columns.sketch(function, blocks.holder(block), blocks.position(block, row), number);
    }

    // Functions of two columns, of a column of integers, or without a column, by row. Arguments are not null.

    public double[] float64(Scalar function, V a, V b) {
        return functions.float64(function, blocks.bytes(a), blocks.bytes(b), 0);
    }

    public V sketch(Scalar function, V a, V b) {
        return blocks.value(functions.sketch(function, blocks.bytes(a), blocks.bytes(b), 0));
    }

    public V sketch(Scalar function, long value, long number) {
        return blocks.value(sketch(function, new Arguments(1, null, null, new long[] {value}, number)));
    }

    public V sketch(Scalar function, long number) {
        return blocks.value(functions.sketch(function, null, null, number));
    }

    // Any function, of one row.

    /** A double; null where the backend gives NaN, which stands for NULL in functions over arrays. */
    public Double float64(Scalar function, Arguments row) {
        double[] out = new double[1];
        functions.float64(function, row, out);
        return Double.isNaN(out[0]) ? null : first(out);
    }

    /** A sketch or an encoded array. */
    public byte[] sketch(Scalar function, Arguments row) {
        return functions.sketches(function, row).row(0);
    }

    /** The only double of a row; null for null. */
    public static Double first(double[] values) {
        return values == null ? null : values[0];
    }
}
