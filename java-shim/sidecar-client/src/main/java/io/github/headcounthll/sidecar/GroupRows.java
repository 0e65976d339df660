// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.api.GroupedSketches.Kind;
import io.github.headcounthll.core.state.Sizes;
import java.util.Arrays;

/**
 * Rows of an aggregation, all of one kind: each is a group and a reference to its bytes, or an integer. Nothing is
 * copied: the referenced arrays must not change while the rows are held.
 */
final class GroupRows implements RequestColumn.Strings {
    private static final int FEWEST = 8;
    /** The size of a row in a request: the group, and an offset or an integer. */
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
    /** Where the server keeps a row, in a lap of shared memory; -1 for a row that it does not keep. Empty without kept rows. */
    private int[] places = NONE;

    private SharedMemory memory;
    private int lap;
    private int keptRows;
    /** The size of a request with these rows. */
    private long wireBytes;
    /** The size of the referenced arrays without the last; an array that occurs again after another is counted again. */
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

    /** The last row is kept by the server, at an offset of shared memory in a lap. Rows of another lap count as not kept. */
    void kept(SharedMemory memory, int lap, int offset) {
        if (keptRows == 0 || this.memory != memory || this.lap != lap) {
            places = places.length < groups.length ? new int[groups.length] : places;
            Arrays.fill(places, -1);
            this.memory = memory;
            this.lap = lap;
            keptRows = 0;
        }
        places[count - 1] = offset;
        keptRows++;
    }

    int keptRows() {
        return keptRows;
    }

    SharedMemory memory() {
        return memory;
    }

    int lap() {
        return lap;
    }

    /** Where the server keeps a row; -1 if it does not. Only if there are {@link #keptRows}. */
    int place(int row) {
        return places[row];
    }

    /** Clears the rows; the next ones are of this kind. */
    void begin(Kind kind) {
        keptRows = 0;
        memory = null;
        Arrays.fill(arrays, 0, Math.min(count, arrays.length), null);
        this.kind = kind;
        count = 0;
        wireBytes = 0;
        earlierBytes = 0;
        last = null;
    }

    /** Appends a sketch, or an id at a precision. */
    void append(int group, byte[] array, int start, int length, long precision) {
        ensureRoom();
        if (last != array) {
            earlierBytes += Sizes.of(last);
            last = array;
        }
        groups[count] = group;
        arrays[count] = array;
        starts[count] = start;
        lengths[count] = length;
        if (kind == Kind.ADD) {
            precisions[count] = precision;
        }
        wireBytes += ROW_BYTES + length;
        count++;
    }

    /** Appends an integer. */
    void append(int group, long value, long precision) {
        ensureRoom();
        groups[count] = group;
        values[count] = value;
        precisions[count] = precision;
        wireBytes += ROW_BYTES + Long.BYTES;
        count++;
    }

    /** Appends a row of other rows of the same kind. */
    void append(GroupRows from, int row) {
        long precision = kind == Kind.MERGE ? 0 : from.precisions[row];
        if (kind == Kind.ADD_LONG) {
            append(from.groups[row], from.values[row], precision);
        } else {
            append(from.groups[row], from.arrays[row], from.starts[row], from.lengths[row], precision);
        }
    }

    private void ensureRoom() {
        int room = count < groups.length ? groups.length : Math.max(FEWEST, count * 2);
        if (groups.length < room) {
            groups = Arrays.copyOf(groups, room);
        }
        if (keptRows > 0 && places.length < room) {
            places = Arrays.copyOf(places, room);
            Arrays.fill(places, count, room, -1);
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

    /** The rows by group, in order of arrival within a group: each as group (upper 32 bits) and row (lower 32 bits). */
    long[] byGroup() {
        long[] keys = new long[count];
        for (int row = 0; row < count; row++) {
            keys[row] = (long) groups[row] << 32 | row;
        }
        Arrays.sort(keys);
        return keys;
    }

    /** The number of bytes of a request with these rows. */
    long wireBytes() {
        return wireBytes;
    }

    /** The size of the referenced arrays without the last, from which the engine still reads. */
    long earlierBytes() {
        return earlierBytes;
    }

    /** The heap bytes, including the referenced arrays. */
    long retainedBytes() {
        return earlierBytes
                + Sizes.of(last)
                + Sizes.of(groups)
                + Sizes.ofReferences(arrays.length)
                + Sizes.of(starts)
                + Sizes.of(places)
                + Sizes.of(lengths)
                + Sizes.of(values)
                + Sizes.of(precisions);
    }

    /** An independent list of the same rows, over the same bytes. */
    GroupRows copy() {
        GroupRows copy = new GroupRows(kind);
        for (int row = 0; row < count; row++) {
            copy.append(this, row);
        }
        return copy;
    }
}
