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
        for (int row = 0; row < rows; row++) {
            setSlot(row, slots.get(queue.group(places[row])));
        }
        loadValues(queue);
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

    private void loadValues(RowQueue queue) {
        if (queue.kind() == Kind.ADD_LONG) {
            for (int row = 0; row < rows; row++) {
                values[row] = queue.value(places[row]);
            }
            return;
        }
        for (int row = 0; row < rows; row++) {
            starts[row] = queue.start(places[row]);
            lengths[row] = queue.length(places[row]);
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

    Slots slots(long[] chunk, boolean packRegisters) {
        return new Slots(chunk, slotStarts, slotCapacities, packRegisters);
    }

    /** The rows; null for integers. */
    Column column(RowQueue queue) {
        return queue.kind() == Kind.ADD_LONG ? null : new Column(queue.array(), starts, lengths, rows);
    }

    /** The integers. */
    long[] values() {
        return values;
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
    void moveOut(int from, RowQueue queue, int chunk) {
        int group = queue.group(places[from]);
        int kept = from;
        for (int row = from + 1; row < rows; row++) {
            if (queue.group(places[row]) == group) {
                queue.list(places[row], chunk);
                continue;
            }
            places[kept] = places[row];
            slotStarts[kept] = slotStarts[row];
            slotCapacities[kept] = slotCapacities[row];
            starts[kept] = starts[row];
            lengths[kept] = lengths[row];
            if (queue.kind() == Kind.ADD_LONG) {
                values[kept] = values[row];
            }
            kept++;
        }
        rows = kept;
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
