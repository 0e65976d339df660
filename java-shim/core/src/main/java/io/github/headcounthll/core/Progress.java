// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core;

/**
 * How far a call on slots has come; {@code hc_progress} of headcount.h, all zero before the first call.
 *
 * <p>{@code at} belongs to the row alone, not to its place in the column: a caller may take the row up again as row 0
 * of another column.
 */
public final class Progress {
    private final long[] words = new long[3];

    /** Rows before this one are done. */
    public int row() {
        return (int) words[0];
    }

    /** How far that row is; the library's own. */
    public long at() {
        return words[1];
    }

    /** The bytes that are needed, of the row's slot or of the output. */
    public long need() {
        return words[2];
    }

    /** Sets all three. */
    public void set(int row, long at, long need) {
        words[0] = row;
        words[1] = at;
        words[2] = need;
    }

    /** Begins a new column. */
    public void clear() {
        set(0, 0, 0);
    }

    /** The 24 bytes as C sees them: little-endian, as every architecture that the library is built for. */
    public long[] words() {
        return words;
    }
}
