// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.api;

/**
 * The arguments of a scalar function over columns. {@link Scalar} defines which of them a function reads.
 *
 * @param rows the number of rows of each column; 1 without a column
 * @param a the first column of byte strings, or null
 * @param b the second column of byte strings, or null
 * @param values a column of integers, or null; {@link Scalar#valuesPerRow} for each row
 * @param number a constant for all rows; 0 if unused
 * @param percents a column of doubles, or null
 */
public record Arguments(int rows, Column a, Column b, long[] values, long number, double[] percents) {
    /** Without doubles. */
    public Arguments(int rows, Column a, Column b, long[] values, long number) {
        this(rows, a, b, values, number, null);
    }

    public static Arguments of(Column a) {
        return new Arguments(a.rows(), a, null, null, 0);
    }

    public static Arguments of(Column a, long number) {
        return new Arguments(a.rows(), a, null, null, number);
    }

    public static Arguments of(Column a, Column b) {
        return new Arguments(a.rows(), a, b, null, 0);
    }

    public static Arguments of(Column a, Column b, double[] percents) {
        return new Arguments(a.rows(), a, b, null, 0, percents);
    }

    /** {@code sizes} has the integers of each row, row-major. */
    public static Arguments of(Column a, long[] sizes) {
        return new Arguments(a.rows(), a, null, sizes, 0);
    }

    public static Arguments of(long number) {
        return new Arguments(1, null, null, null, number);
    }

    /** The first {@code rows} of {@code values}. */
    public static Arguments of(long[] values, int rows, long number) {
        return new Arguments(rows, null, null, values, number);
    }
}
