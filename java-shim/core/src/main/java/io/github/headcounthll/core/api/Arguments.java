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
}
