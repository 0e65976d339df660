// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.eval;

import io.github.headcounthll.core.api.RowResults;

/**
 * A range of rows of a block and their results.
 *
 * @param from the first row
 * @param places the index of each row's result; NULL rows have no result
 * @param sketches the sketch results as a block; null if the function returns no sketch
 */
record EvaluatedRows<B>(int from, int[] places, RowResults answers, B sketches) {
    private static final int MOST_BYTES = 4 << 20;
    private static final int MOST_ROWS = 4096;

    /** The number of rows of a block to evaluate at once. */
    static int rows(int blockRows, long blockBytes) {
        return (int) Math.max(1, Math.min(MOST_ROWS, MOST_BYTES * (long) blockRows / Math.max(1, blockBytes)));
    }

    /** The index of a row's result. Throws the row's error, if it has one. */
    int answered(int row) {
        int place = places[row - from];
        answers.expect(place);
        return place;
    }
}
