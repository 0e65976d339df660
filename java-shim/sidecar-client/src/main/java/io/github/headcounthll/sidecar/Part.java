// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import java.util.function.IntUnaryOperator;

/** The rows of a request that form one batch: about a megabyte, which gRPC sends from one buffer. */
record Part(int from, int rows, int bytes) {
    private static final int MOST_BYTES = (1 << 20) - (1 << 17);
    private static final int MOST_ROWS = 4096;

    /** The first part of {@code total} rows; null without rows. */
    static Part first(int total, IntUnaryOperator lengths) {
        return from(0, total, lengths);
    }

    /** The part after this one, or null. */
    Part next(int total, IntUnaryOperator lengths) {
        return from(from + rows, total, lengths);
    }

    /** Has at least one row, of any length. */
    private static Part from(int from, int total, IntUnaryOperator lengths) {
        if (from == total) {
            return null;
        }
        int row = from;
        int bytes = 0;
        do {
            bytes += lengths.applyAsInt(row++);
        } while (row < total && row - from < MOST_ROWS && bytes + (long) lengths.applyAsInt(row) <= MOST_BYTES);
        return new Part(from, row - from, bytes);
    }
}
