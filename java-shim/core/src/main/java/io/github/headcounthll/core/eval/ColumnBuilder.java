// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.eval;

import io.github.headcounthll.core.api.Bytes;
import io.github.headcounthll.core.api.Column;
import java.util.Arrays;

/**
 * Builds a column row by row. It refers to the rows' own array while all rows share one, and otherwise to a copy of all
 * rows.
 */
final class ColumnBuilder {
    private final int[] starts;
    private final int[] lengths;
    private int rows;
    /** Null until the first byte. */
    private byte[] data;

    private boolean copied;
    /** The used bytes of the copy. */
    private int end;

    ColumnBuilder(int mostRows) {
        this.starts = new int[mostRows];
        this.lengths = new int[mostRows];
    }

    int rows() {
        return rows;
    }

    void add(Bytes row) {
        starts[rows] = row.length() == 0 ? 0 : place(row.array(), row.start(), row.length());
        lengths[rows] = row.length();
        rows++;
    }

    private int place(byte[] array, int start, int length) {
        if (data == null) {
            data = array;
        }
        if (!copied && array != data) {
            copyAll();
        }
        return copied ? copy(array, start, length) : start;
    }

    private void copyAll() {
        byte[] shared = data;
        data = new byte[0];
        copied = true;
        for (int i = 0; i < rows; i++) {
            starts[i] = copy(shared, starts[i], lengths[i]);
        }
    }

    private int copy(byte[] array, int start, int length) {
        if (data.length - end < length) {
            data = Arrays.copyOf(data, Math.max(end + length, 2 * end));
        }
        System.arraycopy(array, start, data, end, length);
        end += length;
        return end - length;
    }

    Column column() {
        return new Column(data == null ? new byte[0] : data, starts, lengths, rows);
    }
}
