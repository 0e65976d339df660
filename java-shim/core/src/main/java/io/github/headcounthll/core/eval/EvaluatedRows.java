// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.eval;

import io.github.headcounthll.core.api.ColumnFunctions;
import io.github.headcounthll.core.api.RowResults;
import io.github.headcounthll.core.api.Scalar;

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

    static <B, V> EvaluatedRows<B> evaluate(
            ColumnFunctions functions,
            Scalar function,
            Blocks<B, V> blocks,
            B block,
            int from,
            int to,
            long parameter) {
        int[] places = new int[to - from];
        ColumnBuilder column = new ColumnBuilder(to - from);
        for (int row = from; row < to; row++) {
            places[row - from] = column.rows();
            if (!blocks.isNull(block, row)) {
                column.add(blocks.bytes(blocks.value(block, row)));
            }
        }
        RowResults answers = functions.answer(function, column.column(), parameter);
        return new EvaluatedRows<>(
                from, places, answers, answers.sketches() == null ? null : blocks.block(answers.sketches()));
    }

    /** The index of a row's result. Throws the row's error, if it has one. */
    int answered(int row) {
        int place = places[row - from];
        answers.expect(place);
        return place;
    }
}
