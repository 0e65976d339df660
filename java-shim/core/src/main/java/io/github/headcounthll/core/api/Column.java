// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.api;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A column of byte strings over one array: row i is the {@code lengths[i]} bytes from {@code starts[i]}. Rows may
 * overlap and may be in any order; the arrays may be longer than the column. Nothing is copied.
 *
 * <p>The array is {@code data}, or {@code elements} if that is not null: its integers in little-endian order, which is
 * the order in memory on every architecture that the library is built for. Starts and lengths are then multiples of 8.
 *
 * <p>The backend checks that each row is within the array, and fails with {@link ErrorCode#ARGUMENT} otherwise.
 */
public record Column(byte[] data, long[] elements, int[] starts, int[] lengths, int rows) {
    /** The most integers of an array whose bytes have indexes. */
    public static final int MOST_ELEMENTS = Integer.MAX_VALUE / Long.BYTES;

    public Column {
        if (data == null == (elements == null) || elements != null && elements.length > MOST_ELEMENTS) {
            throw new IllegalArgumentException("a column needs one array, of at most " + MOST_ELEMENTS + " integers");
        }
        if (rows < 0 || rows > starts.length || rows > lengths.length) {
            throw new IllegalArgumentException("a column of " + rows + " rows over " + starts.length + " starts and "
                    + lengths.length + " lengths");
        }
    }

    /** A column over bytes. */
    public Column(byte[] data, int[] starts, int[] lengths, int rows) {
        this(data, null, starts, lengths, rows);
    }

    /** A column over integers. */
    public Column(long[] elements, int[] starts, int[] lengths, int rows) {
        this(null, elements, starts, lengths, rows);
    }

    /** A column of one row. */
    public static Column of(byte[] array, int start, int length) {
        return new Column(array, new int[] {start}, new int[] {length}, 1);
    }

    /** The bytes of the array. */
    public int size() {
        return elements == null ? data.length : elements.length * Long.BYTES;
    }

    /** Throws the error of a row that is not within the array, which is the library's for such a row. */
    public void check(int row) {
        int start = starts[row];
        int length = lengths[row];
        if (start < 0 || length < 0 || start > size() - length) {
            throw new HeadcountException(
                    ErrorCode.ARGUMENT,
                    row,
                    "column: row " + row + " is " + length + " bytes at " + start + ", outside the column's " + size());
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
        if (elements == null) {
            return Arrays.copyOfRange(data, starts[row], starts[row] + lengths[row]);
        }
        ByteBuffer copy = ByteBuffer.allocate(lengths[row]).order(ByteOrder.LITTLE_ENDIAN);
        copy.asLongBuffer().put(elements, starts[row] / Long.BYTES, lengths[row] / Long.BYTES);
        return copy.array();
    }
}
