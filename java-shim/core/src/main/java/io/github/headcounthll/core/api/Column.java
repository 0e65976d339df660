// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.api;

import java.util.Arrays;

/**
 * A column of byte strings over one array: row i is the {@code lengths[i]} bytes from {@code starts[i]}. Rows may
 * overlap and may be in any order; the arrays may be longer than the column. Nothing is copied.
 *
 * <p>The backend checks that each row is within the array, and fails with {@link ErrorCode#ARGUMENT} otherwise.
 */
public record Column(byte[] data, int[] starts, int[] lengths, int rows) {
    public Column {
        if (rows < 0 || rows > starts.length || rows > lengths.length) {
            throw new IllegalArgumentException("a column of " + rows + " rows over " + starts.length + " starts and "
                    + lengths.length + " lengths");
        }
    }

    /** A column of one row. */
    public static Column of(byte[] array, int start, int length) {
        return new Column(array, new int[] {start}, new int[] {length}, 1);
    }

    /** Throws the error of a row that is not within the array, which is the library's for such a row. */
    public void check(int row) {
        int start = starts[row];
        int length = lengths[row];
        if (start < 0 || length < 0 || start > data.length - length) {
            throw new HeadcountException(
                    ErrorCode.ARGUMENT,
                    row,
                    "column: row " + row + " is " + length + " bytes at " + start + ", outside the column's "
                            + data.length);
        }
    }

    /** The start of each row and the end of the last: a complete description of consecutive rows. */
    public int[] offsets() {
        int[] offsets = Arrays.copyOf(starts, rows + 1);
        offsets[rows] = rows == 0 ? 0 : starts[rows - 1] + lengths[rows - 1];
        return offsets;
    }

    /** Copies a row's bytes. */
    public byte[] row(int row) {
        return Arrays.copyOfRange(data, starts[row], starts[row] + lengths[row]);
    }
}
