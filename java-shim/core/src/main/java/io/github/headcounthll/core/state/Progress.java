// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

/**
 * The progress of a call on slots: {@code hc_progress} of headcount.h, all zero before the first call.
 *
 * <p>{@code at} belongs to the row itself and not to its index in the column: a caller may resume the row as row 0 of
 * another column.
 */
public final class Progress {
    private final long[] words = new long[3];

    /** The number of completed rows. */
    public int row() {
        return (int) words[0];
    }

    /** The position within the next row; opaque to callers. */
    public long at() {
        return words[1];
    }

    /** The number of bytes that the row's slot or the output needs. */
    public long need() {
        return words[2];
    }

    /** Sets all three values. */
    public void set(int row, long at, long need) {
        words[0] = row;
        words[1] = at;
        words[2] = need;
    }

    /** Starts a new column. */
    public void clear() {
        set(0, 0, 0);
    }

    /** The 24 bytes of the C struct: little-endian, as on every architecture that the library is built for. */
    public long[] words() {
        return words;
    }
}
