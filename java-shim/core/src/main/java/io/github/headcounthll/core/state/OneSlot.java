// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

import java.util.Arrays;

/** The slot coordinates of a batch whose rows all belong to one slot; reused between calls. */
final class OneSlot {
    private long slot = SlotHeap.NONE;
    /** The number of rows for which the coordinates are filled in. */
    private int filled;

    private int[] starts = {};
    private int[] capacities = {};

    /** Coordinates for the requested number of rows, all in one slot of this chunk. */
    Slots slots(long slot, int rows, long[] chunk, boolean packRegisters, int spare) {
        if (slot != this.slot || rows > filled) {
            fill(slot, rows);
        }
        return new Slots(chunk, starts, capacities, packRegisters, false, spare);
    }

    private void fill(long slot, int rows) {
        if (starts.length < rows) {
            starts = new int[rows];
            capacities = new int[rows];
        }
        Arrays.fill(starts, 0, rows, SlotHeap.startOf(slot));
        Arrays.fill(capacities, 0, rows, SlotHeap.capacityOf(slot));
        this.slot = slot;
        filled = rows;
    }

    long retainedBytes() {
        return Sizes.of(starts) + Sizes.of(capacities);
    }
}
