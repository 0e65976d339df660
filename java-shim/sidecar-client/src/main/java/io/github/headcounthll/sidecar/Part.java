// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

/** GroupRows of a request that make one batch: about a megabyte, which gRPC sends from one buffer. */
record Part(int from, int rows, int bytes) {
    private static final int MOST_BYTES = (1 << 20) - (1 << 17);
    private static final int MOST_ROWS = 4096;

    /** The first part of {@code total} rows, or null when there are none. */
    static Part first(int total, RequestColumn.Strings strings) {
        return from(0, total, strings);
    }

    /** The part after this one, or null. */
    Part next(int total, RequestColumn.Strings strings) {
        return from(from + rows, total, strings);
    }

    /** At least one row, however long. */
    private static Part from(int from, int total, RequestColumn.Strings strings) {
        if (from == total) {
            return null;
        }
        int row = from;
        int bytes = 0;
        do {
            bytes += strings.length(row++);
        } while (row < total && row - from < MOST_ROWS && bytes + (long) strings.length(row) <= MOST_BYTES);
        return new Part(from, row - from, bytes);
    }
}
