// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.api;

/**
 * The state of an aggregation: one sketch per group; a group without input has no sketch. Not thread-safe.
 *
 * <p>Rows are queued and processed in batches. An array passed to {@link #merge}, {@link #mergeElements} or {@link #add} must therefore not
 * change until the next read ({@link #encode}, {@link #sketch}, {@link #copy}) or {@link #flush}, and
 * the error of an invalid row may be thrown by a later call. Consecutive rows of one array share a batch; a change of
 * array starts a new batch. After an exception the state must not be used again.
 */
public interface GroupedSketches {
    /** The kind of a row. */
    enum Kind {
        MERGE,
        ADD,
        ADD_LONG
    }

    /** Ensures capacity for groups 0 to {@code groups - 1}. Must be called before a group is used. */
    void ensureCapacity(int groups);

    /** Merges the encoded sketch in {@code array[start, start + length)} into a group's sketch. */
    void merge(int group, byte[] array, int start, int length);

    /** Whether this is a state of sums that reads the integers of an array in place. */
    default boolean takesElements() {
        return false;
    }

    /**
     * Merges the array of the integers {@code array[from, from + count)} into a group's sum, as {@link #merge} with its
     * encoding. The array has at most {@link Column#MOST_ELEMENTS}. Only if {@link #takesElements}.
     */
    default void mergeElements(int group, long[] array, int from, int count) {
        throw new UnsupportedOperationException("this state reads encoded arrays");
    }

    /** Adds the id in {@code array[start, start + length)}, as raw bytes, at a precision. */
    void add(int group, byte[] array, int start, int length, long precision);

    /** Adds an integer, as its decimal text, at a precision. */
    void addLong(int group, long value, long precision);

    /**
     * Adds many ids to one group, see {@link #add}. The column's array must not change before the next read; its starts
     * and lengths may.
     */
    default void addAll(int group, Column ids, long precision) {
        for (int row = 0; row < ids.rows(); row++) {
            add(group, ids.data(), ids.starts()[row], ids.lengths()[row], precision);
        }
    }

    /** Adds the first {@code rows} values to one group, see {@link #addLong}. The array may change afterwards. */
    default void addAllLongs(int group, long[] values, int rows, long precision) {
        for (int row = 0; row < rows; row++) {
            addLong(group, values[row], precision);
        }
    }

    /** Processes all queued rows. */
    void flush();

    /**
     * Called at the end of an input page. Rows of the next page start a new batch anyway, so processing the queue now
     * costs nothing and releases the page. A backend with expensive calls may keep the rows queued.
     *
     * @return whether neither this state nor a copy of it has queued rows, so that their arrays may be written again
     */
    default boolean pageDone() {
        flush();
        return true;
    }

    /**
     * Encodes a group's sketch into {@code encoded()}, from {@link #encodedFrom} on, and returns its length, or 0 if the group has no
     * input. Does not allocate once the buffer is large enough.
     */
    int encode(int group);

    /** The buffer of {@link #encode}; valid until the next call. */
    byte[] encoded();

    /** Where the sketch begins in the buffer. */
    default int encodedFrom() {
        return 0;
    }

    /** A group's encoded sketch in a new array; null if the group has no input. */
    byte[] sketch(int group);

    /** The heap bytes held by this state, including queued arrays. O(1). */
    long retainedBytes();

    /** An independent copy of this state. */
    GroupedSketches copy();
}
