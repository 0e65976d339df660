package io.github.headcounthll.core;

import io.github.headcounthll.core.ColumnFunctions.Call;

/**
 * The functions of one column, for an engine that calls them value by value, or row by row of a block. NULL gives NULL.
 * A backend that wants whole columns is given them ({@link BlockCalls}); any other is called as the engine calls.
 *
 * @param <B> the engine's block
 * @param <V> the engine's value
 */
public final class ScalarCalls<B, V> {
    private final Functions functions;
    private final Blocks<B, V> blocks;
    /** Null where rows are called one by one. */
    private final BlockCalls<B, V> columns;

    public ScalarCalls(Backend backend, Blocks<B, V> blocks) {
        this.functions = backend.functions();
        this.blocks = blocks;
        this.columns = backend.columnFunctions() == null ? null : new BlockCalls<>(backend.columnFunctions(), blocks);
    }

    /** A bigint: PRECISION, CARDINALITY, or CHECK, which gives 0. */
    public Long number(Call call, V value) {
        if (value == null) {
            return null;
        }
        return columns == null ? numberOf(call, value) : columns.number(call, value);
    }

    /** The same of a row. */
    public Long number(Call call, B block, int row) {
        if (blocks.isNull(block, row)) {
            return null;
        }
        return columns == null
                ? numberOf(call, blocks.value(block, row))
                : columns.number(call, blocks.holder(block), blocks.position(block, row));
    }

    /** ESTIMATE (one) or BOUNDS (two). */
    public double[] doubles(Call call, V value, long parameter) {
        if (value == null) {
            return null;
        }
        return columns == null ? doublesOf(call, value, parameter) : columns.doubles(call, value, parameter);
    }

    /** The same of a row. */
    public double[] doubles(Call call, B block, int row, long parameter) {
        if (blocks.isNull(block, row)) {
            return null;
        }
        return columns == null
                ? doublesOf(call, blocks.value(block, row), parameter)
                : columns.doubles(call, blocks.holder(block), blocks.position(block, row), parameter);
    }

    /** CREATE or REDUCE. */
    public V sketch(Call call, V value, long parameter) {
        if (value == null) {
            return null;
        }
        return columns == null ? sketchOf(call, value, parameter) : columns.sketch(call, value, parameter);
    }

    /** The same of a row. */
    public V sketch(Call call, B block, int row, long parameter) {
        if (blocks.isNull(block, row)) {
            return null;
        }
        return columns == null
                ? sketchOf(call, blocks.value(block, row), parameter)
                : columns.sketch(call, blocks.holder(block), blocks.position(block, row), parameter);
    }

    private long numberOf(Call call, V value) {
        Bytes bytes = blocks.bytes(value);
        switch (call) {
            case CHECK -> {
                functions.check(bytes.array(), bytes.start(), bytes.length());
                return 0;
            }
            case PRECISION -> {
                return functions.precision(bytes.array(), bytes.start(), bytes.length());
            }
            case CARDINALITY -> {
                return functions.cardinality(bytes.array(), bytes.start(), bytes.length());
            }
            default -> throw new IllegalArgumentException(call + " gives no bigint");
        }
    }

    private double[] doublesOf(Call call, V value, long parameter) {
        Bytes bytes = blocks.bytes(value);
        return switch (call) {
            case ESTIMATE -> new double[] {functions.estimate(bytes.array(), bytes.start(), bytes.length())};
            case BOUNDS -> functions.bounds(bytes.array(), bytes.start(), bytes.length(), parameter);
            default -> throw new IllegalArgumentException(call + " gives no doubles");
        };
    }

    private V sketchOf(Call call, V value, long parameter) {
        Bytes bytes = blocks.bytes(value);
        return blocks.value(
                switch (call) {
                    case CREATE -> functions.create(bytes.array(), bytes.start(), bytes.length(), parameter);
                    case REDUCE -> functions.reduce(bytes.array(), bytes.start(), bytes.length(), parameter);
                    default -> throw new IllegalArgumentException(call + " gives no sketch");
                });
    }
}
