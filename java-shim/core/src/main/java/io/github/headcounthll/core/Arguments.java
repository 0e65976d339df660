package io.github.headcounthll.core;

/**
 * The arguments of a scalar function over columns. What a function takes of them, its {@link Scalar} says.
 *
 * @param rows the rows of the first column; 1 without one
 * @param a the first column of byte strings, or null
 * @param b the second, or null
 * @param number the same number for all rows; 0 without one
 */
public record Arguments(int rows, Column a, Column b, long number) {
    static Arguments of(Column a) {
        return new Arguments(a.rows(), a, null, 0);
    }

    static Arguments of(Column a, long number) {
        return new Arguments(a.rows(), a, null, number);
    }

    static Arguments of(Column a, Column b) {
        return new Arguments(a.rows(), a, b, 0);
    }

    static Arguments of(long number) {
        return new Arguments(1, null, null, number);
    }
}
