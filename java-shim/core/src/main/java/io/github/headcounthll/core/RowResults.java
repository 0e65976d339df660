// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core;

/**
 * What became of the rows of a column.
 *
 * @param words bigints, or the bits of doubles; all of a row side by side. Null where the call gives none
 * @param sketches sketches, one after the other, of which a refused row's is empty. Null where the call gives none
 * @param refusals of each row its refusal or null; null when no row is refused
 */
public record RowResults(long[] words, Column sketches, HeadcountException[] refusals) {
    /** All the doubles of a row of a call that gives doubles. */
    double[] doubles(int row, int width) {
        double[] values = new double[width];
        for (int i = 0; i < width; i++) {
            values[i] = Double.longBitsToDouble(words[row * width + i]);
        }
        return values;
    }

    /** Throws the refusal of a row, if it has one. */
    public void expect(int row) {
        if (refusals != null && refusals[row] != null) {
            throw refusals[row];
        }
    }
}
