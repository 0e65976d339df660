// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import io.airlift.slice.SizeOf;
import io.airlift.slice.Slice;
import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.GroupedSketches;
import io.trino.spi.block.LongArrayBlock;
import io.trino.spi.block.ValueBlock;
import io.trino.spi.block.VariableWidthBlock;

/**
 * A range of queued ids: consecutive positions of a block, all at one precision. Queueing a row costs a few comparisons;
 * the fixed costs of adding are shared by the range.
 */
final class IdRange {
    private static final int INSTANCE_SIZE = SizeOf.instanceSize(IdRange.class);
    /** The number of rows that the sketches queue at a time. */
    private static final int MOST = 256;

    /** Null if the range is empty. */
    private ValueBlock block;

    private long precision;
    private int first;
    private int end;

    private int[] starts = {};
    private int[] lengths = {};
    private long[] values = {};

    /** Appends an id if it follows the range; returns whether it does. */
    boolean extend(ValueBlock ids, int position, long precision) {
        if (ids != block || precision != this.precision || position != end || end - first == MOST) {
            return false;
        }
        end++;
        return true;
    }

    /** Returns whether this is the last id again, which adds nothing. So are all rows of a constant. */
    boolean repeats(ValueBlock ids, int position, long precision) {
        return ids == block && precision == this.precision && position == end - 1;
    }

    /** Starts a new range with an id; the range must be empty. */
    void begin(ValueBlock ids, int position, long precision) {
        block = ids;
        this.precision = precision;
        first = position;
        end = position + 1;
    }

    boolean isEmpty() {
        return block == null;
    }

    /** Adds the range to a group, and releases the block. */
    void addTo(GroupedSketches sketches, int group) {
        ValueBlock ids = block;
        block = null;
        switch (ids) {
            case VariableWidthBlock strings -> sketches.addAll(group, column(strings), precision);
            case LongArrayBlock longs -> sketches.addAllLongs(group, values(longs), end - first, precision);
            default ->
                throw new IllegalStateException("ids in a " + ids.getClass().getSimpleName());
        }
    }

    private Column column(VariableWidthBlock strings) {
        int rows = end - first;
        if (starts.length < rows) {
            starts = new int[rows];
            lengths = new int[rows];
        }
        Slice raw = strings.getRawSlice();
        int offset = raw.byteArrayOffset();
        for (int row = 0; row < rows; row++) {
            starts[row] = offset + strings.getRawSliceOffset(first + row);
            lengths[row] = strings.getSliceLength(first + row);
        }
        return new Column(raw.byteArray(), starts, lengths, rows);
    }

    private long[] values(LongArrayBlock longs) {
        int rows = end - first;
        if (values.length < rows) {
            values = new long[rows];
        }
        for (int row = 0; row < rows; row++) {
            values[row] = longs.getLong(first + row);
        }
        return values;
    }

    /** The heap bytes, without the block. */
    long retainedBytes() {
        return INSTANCE_SIZE + SizeOf.sizeOf(starts) + SizeOf.sizeOf(lengths) + SizeOf.sizeOf(values);
    }
}
