// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * The rows of a request that form one batch: about a megabyte, which gRPC sends from one buffer. In shared memory it may be
 * larger, since each message costs both processes a change of threads.
 */
record Part(int from, int rows, int bytes) {
    static final int MOST_BYTES = (1 << 20) - (1 << 17);
    /** With what frames them, these and one dense sketch of precision 20 fit the shared memory. */
    static final int MOST_SHARED_BYTES = 6 << 20;

    private static final int MOST_ROWS = 4096;

    /** The parts of {@code total} rows, each of one row at least, of any length, or of {@code most} bytes. */
    static List<Part> of(int total, IntUnaryOperator lengths, int most) {
        List<Part> parts = new ArrayList<>();
        for (int row = 0; row < total; ) {
            int from = row;
            int bytes = 0;
            do {
                bytes += lengths.applyAsInt(row++);
            } while (row < total && row - from < MOST_ROWS && bytes + (long) lengths.applyAsInt(row) <= most);
            parts.add(new Part(from, row - from, bytes));
        }
        return parts;
    }

    /** The first row after these. */
    int end() {
        return from + rows;
    }
}
