// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core;

/**
 * The arguments of a scalar function over columns. What a function takes of them, its {@link Scalar} says.
 *
 * @param rows the rows of each column; 1 without one
 * @param a the first column of byte strings, or null
 * @param b the second, or null
 * @param values a column of integers, or null
 * @param number the same number for all rows; 0 without one
 */
public record Arguments(int rows, Column a, Column b, long[] values, long number) {
    static Arguments of(Column a) {
        return new Arguments(a.rows(), a, null, null, 0);
    }

    static Arguments of(Column a, long number) {
        return new Arguments(a.rows(), a, null, null, number);
    }

    static Arguments of(Column a, Column b) {
        return new Arguments(a.rows(), a, b, null, 0);
    }

    static Arguments of(long number) {
        return new Arguments(1, null, null, null, number);
    }

    /** The first {@code rows} of {@code values}. */
    static Arguments of(long[] values, int rows, long number) {
        return new Arguments(rows, null, null, values, number);
    }
}
