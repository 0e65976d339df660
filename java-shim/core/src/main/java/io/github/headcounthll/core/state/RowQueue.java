// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.GroupedSketches.Kind;
import java.util.Arrays;

/**
 * Queued rows, all of one kind: sketches, ids or sums of one array, or integers. When the queue is processed, each row is
 * appended to the list of the chunk that holds its group's slot. Lists keep the order of arrival.
 */
final class RowQueue {
    static final int MOST_ROWS = 2048;
    static final long MOST_BYTES = 1 << 20;
    private static final int FEWEST_ROWS = 8;
    private static final int[] NONE = {};

    private Kind kind;
    /** A byte[], or a long[] with the elements of sums; null for integers. */
    private Object array;

    private long precision;
    private int rows;
    /** Whether the queue has rows of more than one group. */
    private boolean mixed;

    private long bytes;
    private int[] groups = NONE;
    private int[] starts = NONE;
    private int[] lengths = NONE;
    private long[] values = {};
    private final int[] oneStart = new int[1];
    private final int[] oneLength = new int[1];
    private final long[] oneValue = new long[1];

    /**
     * The lists: for each chunk its first and last row (plus one, 0 for none), for each row its successor (likewise).
     */
    private int[] first = NONE;

    private int[] last = NONE;
    private int[] next = NONE;
    /** The chunks with a list. */
    private int[] listed = NONE;

    private int listedCount;

    Kind kind() {
        return kind;
    }

    long precision() {
        return precision;
    }

    int rows() {
        return rows;
    }

    boolean isMixed() {
        return mixed;
    }

    int group(int row) {
        return groups[row];
    }

    int start(int row) {
        return starts[row];
    }

    int length(int row) {
        return lengths[row];
    }

    long value(int row) {
        return values[row];
    }

    /** All rows in their original array; null for integers. */
    Column column() {
        return column(starts, lengths, rows);
    }

    /** Rows of the array; null for integers. */
    Column column(int[] starts, int[] lengths, int rows) {
        if (kind == Kind.ADD_LONG) {
            return null;
        }
        return array instanceof long[] elements
                ? new Column(elements, starts, lengths, rows)
                : new Column((byte[]) array, starts, lengths, rows);
    }

    /** One row in its original array; null for an integer. Valid until the next call. */
    Column column(int row) {
        oneStart[0] = starts[row];
        oneLength[0] = lengths[row];
        return column(oneStart, oneLength, 1);
    }

    /** The integers. */
    long[] values() {
        return values;
    }

    /** One integer, if the rows are integers. Valid until the next call. */
    long[] values(int row) {
        if (kind == Kind.ADD_LONG) {
            oneValue[0] = values[row];
        }
        return oneValue;
    }

    /** Returns whether a row of this kind can join the current batch. */
    boolean takes(Kind kind, Object array, long precision) {
        return this.kind == kind && this.array == array && this.precision == precision;
    }

    /** Starts a batch; the queue must be empty. */
    void begin(Kind kind, Object array, long precision) {
        this.kind = kind;
        this.array = array;
        this.precision = precision;
        if (kind == Kind.ADD_LONG && values.length < groups.length) {
            values = new long[groups.length];
        }
    }

    /** Queues bytes of the array. */
    void push(int group, int start, int length) {
        admit(group, 1);
        starts[rows] = start;
        lengths[rows] = length;
        bytes += length;
        rows++;
    }

    /** Queues an integer. */
    void push(int group, long value) {
        admit(group, 1);
        values[rows++] = value;
    }

    /** Queues rows of a column, starting at a row, until the batch is full; returns the number of rows queued. */
    int pushAll(int group, Column column, int from) {
        int count = Math.min(column.rows() - from, MOST_ROWS - rows);
        admit(group, count);
        System.arraycopy(column.starts(), from, starts, rows, count);
        System.arraycopy(column.lengths(), from, lengths, rows, count);
        for (int row = from; row < from + count; row++) {
            bytes += column.lengths()[row];
        }
        rows += count;
        return count;
    }

    /** Queues integers of a range until the batch is full; returns the number of rows queued. */
    int pushAll(int group, long[] integers, int from, int to) {
        int count = Math.min(to - from, MOST_ROWS - rows);
        admit(group, count);
        System.arraycopy(integers, from, values, rows, count);
        rows += count;
        return count;
    }

    /** Returns whether the batch has reached its limit of rows or bytes. */
    boolean isFull() {
        return rows >= MOST_ROWS || bytes >= MOST_BYTES;
    }

    /** Reserves space for rows of a group, and records the group. */
    private void admit(int group, int count) {
        while (rows + count > groups.length) {
            grow();
        }
        for (int row = rows; row < rows + count; row++) {
            groups[row] = group;
        }
        mixed |= groups[0] != group;
    }

    private void grow() {
        int length = Math.max(FEWEST_ROWS, groups.length * 2);
        groups = Arrays.copyOf(groups, length);
        starts = Arrays.copyOf(starts, length);
        lengths = Arrays.copyOf(lengths, length);
        next = Arrays.copyOf(next, length);
        listed = Arrays.copyOf(listed, length);
        if (kind == Kind.ADD_LONG) {
            values = Arrays.copyOf(values, length);
        }
    }

    /** Clears the queue and releases the array. */
    void clear() {
        for (int i = 0; i < listedCount; i++) {
            first[listed[i]] = 0;
        }
        listedCount = 0;
        rows = 0;
        mixed = false;
        bytes = 0;
        kind = null;
        array = null;
    }

    /** Appends a row to a chunk's list. */
    void list(int row, int chunk) {
        if (chunk >= first.length) {
            int length = Math.max(chunk + 1, first.length * 2);
            first = Arrays.copyOf(first, length);
            last = Arrays.copyOf(last, length);
        }
        if (first[chunk] == 0) {
            first[chunk] = row + 1;
            listed[listedCount++] = chunk;
        } else {
            next[last[chunk] - 1] = row + 1;
        }
        last[chunk] = row + 1;
        next[row] = 0;
    }

    /** A chunk with a list, or -1. */
    int nextChunk() {
        return listedCount == 0 ? -1 : listed[listedCount - 1];
    }

    /** Removes the list of {@link #nextChunk} and writes its row indexes, in order, to {@code into}. */
    int takeList(int[] into) {
        int chunk = listed[--listedCount];
        int count = 0;
        for (int row = first[chunk]; row != 0; row = next[row - 1]) {
            into[count++] = row - 1;
        }
        first[chunk] = 0;
        return count;
    }

    /** The heap bytes, including the queued array. */
    long retainedBytes() {
        return Sizes.of(groups)
                + Sizes.of(starts)
                + Sizes.of(lengths)
                + Sizes.of(values)
                + Sizes.of(first)
                + Sizes.of(last)
                + Sizes.of(next)
                + Sizes.of(listed)
                + Sizes.ofEither(array);
    }
}
