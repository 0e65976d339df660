// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import java.util.Arrays;

/** The rows of one batch that the server keeps: those from a row on, as far as they fit a batch. */
final class KeptBatch implements RequestColumn.Strings {
    private static final int MOST_ROWS = 4096;
    /** Each is 16 bytes of a message; the server takes 1,024. */
    private static final int MOST_PARTS = 512;

    private final GroupRows from;
    private final int end;
    private final int[] rows;
    private int count;
    private int bytes;
    /** Offset and length of each run of rows that are adjacent in the shared memory. */
    private final long[] parts = new long[2 * MOST_PARTS];

    private int partsEnd;

    KeptBatch(GroupRows from, int first) {
        this.from = from;
        rows = new int[Math.min(MOST_ROWS, from.count() - first)];
        int row = first;
        while (row < from.count() && count < rows.length && (from.place(row) < 0 || add(row))) {
            row++;
        }
        end = row;
    }

    private boolean add(int row) {
        int place = from.place(row);
        int length = from.length(row);
        if (partsEnd > 0 && parts[partsEnd - 2] + parts[partsEnd - 1] == place) {
            parts[partsEnd - 1] += length;
        } else if (partsEnd < parts.length) {
            parts[partsEnd++] = place;
            parts[partsEnd++] = length;
        } else {
            return false;
        }
        rows[count++] = row;
        bytes += length;
        return true;
    }

    /** The first row that is not in this batch. */
    int end() {
        return end;
    }

    int rows() {
        return count;
    }

    /** @param token of the memory if the call does not name it; null if it does */
    OutgoingMessage message(byte[] token) {
        long[] groups = new long[count];
        for (int row = 0; row < count; row++) {
            groups[row] = from.group(rows[row]);
        }
        return OutgoingMessage.kept(
                new RequestColumn.Words(groups, 0, count),
                new RequestColumn.KeptBytes(new RequestColumn.Bytes(this, 0, count, bytes)),
                token,
                Arrays.copyOf(parts, partsEnd));
    }

    @Override
    public byte[] array(int row) {
        return from.array(rows[row]);
    }

    @Override
    public int start(int row) {
        return from.start(rows[row]);
    }

    @Override
    public int length(int row) {
        return from.length(rows[row]);
    }
}
