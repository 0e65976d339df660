// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.GroupedSketches.Kind;

/** The queued rows whose slots are in one chunk, laid out as the parallel arrays of a call. */
final class SlotBatch {
    private int rows;
    /** The queue index of each row. */
    private int[] places = {};

    private int[] slotStarts = {};
    private int[] slotCapacities = {};
    private int[] starts = {};
    private int[] lengths = {};
    private long[] values = {};

    /** Takes the next list of the queue. */
    void load(RowQueue queue, SegmentedLongs slots) {
        ensureCapacity(queue.rows(), queue.kind());
        rows = queue.takeList(places);
        layOut(0, queue, slots);
    }

    /** Takes the whole queue. */
    void loadAll(RowQueue queue, SegmentedLongs slots) {
        ensureCapacity(queue.rows(), queue.kind());
        rows = queue.rows();
        for (int row = 0; row < rows; row++) {
            places[row] = row;
        }
        layOut(0, queue, slots);
    }

    private void ensureCapacity(int wanted, Kind kind) {
        if (places.length < wanted) {
            int length = Math.max(8, Integer.highestOneBit(wanted - 1) << 1);
            places = new int[length];
            slotStarts = new int[length];
            slotCapacities = new int[length];
            starts = new int[length];
            lengths = new int[length];
        }
        if (kind == Kind.ADD_LONG && values.length < places.length) {
            values = new long[places.length];
        }
    }

    /** Fills the arrays of the rows from {@code from} on. */
    private void layOut(int from, RowQueue queue, SegmentedLongs slots) {
        for (int row = from; row < rows; row++) {
            int place = places[row];
            setSlot(row, slots.get(queue.group(place)));
            if (queue.kind() == Kind.ADD_LONG) {
                values[row] = queue.value(place);
            } else {
                starts[row] = queue.start(place);
                lengths[row] = queue.length(place);
            }
        }
    }

    private void setSlot(int row, long slot) {
        slotStarts[row] = SlotHeap.startOf(slot);
        slotCapacities[row] = SlotHeap.capacityOf(slot);
    }

    int rows() {
        return rows;
    }

    /** The queue index of a row. */
    int place(int row) {
        return places[row];
    }

    Slots slots(long[] chunk, boolean packRegisters, boolean setAside, int spare) {
        return new Slots(chunk, slotStarts, slotCapacities, packRegisters, setAside, spare);
    }

    /** The rows; null for integers. */
    Column column(RowQueue queue) {
        return queue.column(starts, lengths, rows);
    }

    /** The integers. */
    long[] values() {
        return values;
    }

    /** The bytes that the slot of a row needs, if the call has set the row aside; else 0. */
    int wanted(int row) {
        return Math.max(0, -slotCapacities[row]);
    }

    /** The group's slot has moved within the chunk: updates the rows of the group, starting at {@code from}. */
    void correct(int from, RowQueue queue, long slot) {
        int group = queue.group(places[from]);
        for (int row = from; row < rows; row++) {
            if (queue.group(places[row]) == group) {
                setSlot(row, slot);
            }
        }
    }

    /**
     * Row {@code from} is done and its group's slot has moved to another chunk: removes the row, and moves the later
     * rows of the group to that chunk's list.
     */
    void moveOut(int from, RowQueue queue, SegmentedLongs slots) {
        int group = queue.group(places[from]);
        int chunk = SlotHeap.chunkOf(slots.get(group));
        int kept = from;
        for (int row = from + 1; row < rows; row++) {
            if (queue.group(places[row]) == group) {
                queue.list(places[row], chunk);
            } else {
                places[kept++] = places[row];
            }
        }
        rows = kept;
        layOut(from, queue, slots);
    }

    long retainedBytes() {
        return Sizes.of(places)
                + Sizes.of(slotStarts)
                + Sizes.of(slotCapacities)
                + Sizes.of(starts)
                + Sizes.of(lengths)
                + Sizes.of(values);
    }
}
