// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.state.Sizes;
import java.util.Arrays;

/**
 * GroupRows of an aggregation, all of one kind, each a group and a reference to its bytes, or an integer. Nothing is copied:
 * arrays that are referred to must keep their contents until the rows are gone.
 */
final class GroupRows implements RequestColumn.Strings {
    /** What a row is. */
    enum Kind {
        MERGE,
        ADD,
        ADD_LONG
    }

    private static final int FEWEST = 8;
    /** On the wire: the group, and an offset or an integer. */
    private static final int ROW_BYTES = 16;

    private static final int[] NONE = {};

    private Kind kind;
    private int count;
    private int[] groups = NONE;
    private byte[][] arrays = {};
    private int[] starts = NONE;
    private int[] lengths = NONE;
    private long[] values = {};
    private long[] precisions = {};
    /** What would be sent. */
    private long wireBytes;
    /** What is referred to, the last row's array apart; one is counted again when another stood between. */
    private long earlierBytes;

    private byte[] last;

    GroupRows(Kind kind) {
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    int count() {
        return count;
    }

    int group(int row) {
        return groups[row];
    }

    @Override
    public byte[] array(int row) {
        return arrays[row];
    }

    @Override
    public int start(int row) {
        return starts[row];
    }

    @Override
    public int length(int row) {
        return kind == Kind.ADD_LONG ? Long.BYTES : lengths[row];
    }

    long[] values() {
        return values;
    }

    long[] precisions() {
        return precisions;
    }

    /** The first row after {@code row} that is of another group, where groups stand together; else {@link #count}. */
    int afterGroup(int row) {
        int next = row + 1;
        while (next < count && groups[next] == groups[row]) {
            next++;
        }
        return next;
    }

    /** Forgets the rows, and takes others of a kind. */
    void begin(Kind kind) {
        Arrays.fill(arrays, 0, Math.min(count, arrays.length), null);
        this.kind = kind;
        count = 0;
        wireBytes = 0;
        earlierBytes = 0;
        last = null;
    }

    /** A sketch. */
    void append(int group, byte[] array, int start, int length) {
        ensureRoom();
        groups[count] = group;
        appendBytes(array, start, length);
    }

    /** An id. */
    void append(int group, byte[] array, int start, int length, long precision) {
        ensureRoom();
        groups[count] = group;
        precisions[count] = precision;
        appendBytes(array, start, length);
    }

    /** An integer. */
    void append(int group, long value, long precision) {
        ensureRoom();
        groups[count] = group;
        values[count] = value;
        precisions[count] = precision;
        wireBytes += ROW_BYTES + Long.BYTES;
        count++;
    }

    /** A row of others of the same kind. */
    void append(GroupRows from, int row) {
        switch (kind) {
            case MERGE -> append(from.groups[row], from.arrays[row], from.starts[row], from.lengths[row]);
            case ADD ->
                append(from.groups[row], from.arrays[row], from.starts[row], from.lengths[row], from.precisions[row]);
            case ADD_LONG -> append(from.groups[row], from.values[row], from.precisions[row]);
        }
    }

    private void appendBytes(byte[] array, int start, int length) {
        if (last != array) {
            earlierBytes += Sizes.of(last);
            last = array;
        }
        arrays[count] = array;
        starts[count] = start;
        lengths[count] = length;
        wireBytes += ROW_BYTES + length;
        count++;
    }

    private void ensureRoom() {
        int room = count < groups.length ? groups.length : Math.max(FEWEST, count * 2);
        if (groups.length < room) {
            groups = Arrays.copyOf(groups, room);
        }
        if (kind == Kind.ADD_LONG) {
            values = values.length < room ? Arrays.copyOf(values, room) : values;
        } else if (arrays.length < room) {
            arrays = Arrays.copyOf(arrays, room);
            starts = Arrays.copyOf(starts, room);
            lengths = Arrays.copyOf(lengths, room);
        }
        if (kind != Kind.MERGE && precisions.length < room) {
            precisions = Arrays.copyOf(precisions, room);
        }
    }

    /** The rows by group, and within a group as they came: of each, group and row in one number. */
    long[] byGroup() {
        long[] keys = new long[count];
        for (int row = 0; row < count; row++) {
            keys[row] = (long) groups[row] << 32 | row;
        }
        Arrays.sort(keys);
        return keys;
    }

    /** Bytes that an exchange of the rows would send. */
    long wireBytes() {
        return wireBytes;
    }

    /** Bytes of the arrays that are referred to, but for the last, which the engine is still reading from. */
    long earlierBytes() {
        return earlierBytes;
    }

    /** Bytes of heap, with the arrays that are referred to. */
    long retainedBytes() {
        return earlierBytes
                + Sizes.of(last)
                + Sizes.of(groups)
                + Sizes.ofReferences(arrays.length)
                + Sizes.of(starts)
                + Sizes.of(lengths)
                + Sizes.of(values)
                + Sizes.of(precisions);
    }

    /** The same rows, in arrays of their own that refer to the same bytes. */
    GroupRows copy() {
        GroupRows copy = new GroupRows(kind);
        copy.count = count;
        copy.groups = Arrays.copyOf(groups, count);
        copy.arrays = Arrays.copyOf(arrays, Math.min(count, arrays.length));
        copy.starts = Arrays.copyOf(starts, Math.min(count, starts.length));
        copy.lengths = Arrays.copyOf(lengths, Math.min(count, lengths.length));
        copy.values = Arrays.copyOf(values, Math.min(count, values.length));
        copy.precisions = Arrays.copyOf(precisions, Math.min(count, precisions.length));
        copy.wireBytes = wireBytes;
        copy.earlierBytes = earlierBytes;
        copy.last = last;
        return copy;
    }
}
