// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core;

/**
 * The state of an aggregation: one sketch for each group, none until something came in. Not for two threads at once.
 *
 * <p>Rows are queued and taken in batches, so that an array handed to {@link #merge} or {@link #add} must keep its
 * contents until the next read ({@link #isEmpty}, {@link #encode}, {@link #sketch}, {@link #copy}) or
 * {@link #flush}, and a row that is refused may be reported by a later call. Rows of one array after the other go in
 * one batch; a change of array starts a new one. After an exception the state is spent: give the aggregation up.
 */
public interface GroupedSketches {
    /** Makes room for groups 0 to {@code groups - 1}; must have been called before a group is used. */
    void ensureCapacity(int groups);

    /** Unites a group's sketch with the encoded sketch in {@code array[start, start + length)}. */
    void merge(int group, byte[] array, int start, int length);

    /** Adds the id in {@code array[start, start + length)}, by its bytes as they are, at a precision. */
    void add(int group, byte[] array, int start, int length, long precision);

    /** Adds an integer, as its decimal text, at a precision. */
    void addLong(int group, long value, long precision);

    /** {@link #add} of many ids for one group. The column's array must keep its contents; its starts and lengths need not. */
    default void addAll(int group, Column ids, long precision) {
        for (int row = 0; row < ids.rows(); row++) {
            add(group, ids.data(), ids.starts()[row], ids.lengths()[row], precision);
        }
    }

    /** {@link #addLong} of the first {@code rows} values for one group. The array need not keep its contents. */
    default void addAllLongs(int group, long[] values, int rows, long precision) {
        for (int row = 0; row < rows; row++) {
            addLong(group, values[row], precision);
        }
    }

    /** Takes all queued rows. */
    void flush();

    /**
     * The engine has handed over a page and turns to something else. Rows of the next page would not join the batch,
     * so that taking what waits now costs nothing and frees the page; a backend whose calls are dear may let it wait.
     */
    default void pageDone() {
        flush();
    }

    /** Did nothing come in for this group? */
    boolean isEmpty(int group);

    /**
     * Encodes a group's sketch into {@code encoded()[0, n)} and returns n, or 0 when nothing came in.
     * Nothing is allocated once the buffer is large enough.
     */
    int encode(int group);

    /** The buffer of {@link #encode}; its contents hold until the next call. */
    byte[] encoded();

    /** A group's sketch, encoded, in an array of its own; null when nothing came in. */
    byte[] sketch(int group);

    /** Bytes of heap held by this state, waiting arrays included. Costs nothing. */
    long retainedBytes();

    /** A state of its own with the same contents. */
    GroupedSketches copy();
}
