// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.api;

/**
 * The results of the rows of a column.
 *
 * @param words bigints, or the bits of doubles, row-major; null if the function returns no numbers
 * @param sketches the sketches in row order, empty for a row with an error; null if the function returns no sketches
 * @param errors the error of each row or null; null if no row has an error
 */
public record RowResults(long[] words, Column sketches, HeadcountException[] errors) {
    /** The doubles of a row, for a function that returns doubles. */
    public double[] doubles(int row, int width) {
        double[] values = new double[width];
        for (int i = 0; i < width; i++) {
            values[i] = Double.longBitsToDouble(words[row * width + i]);
        }
        return values;
    }

    /** Throws the error of a row, if it has one. */
    public void expect(int row) {
        if (errors != null && errors[row] != null) {
            throw errors[row];
        }
    }
}
