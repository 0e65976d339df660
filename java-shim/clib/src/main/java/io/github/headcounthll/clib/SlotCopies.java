// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import io.github.headcounthll.core.state.Slots;
import java.util.Arrays;

/**
 * The distinct slots of a range of rows, laid out contiguously for copying, and the position of each row's slot in that
 * copy.
 */
final class SlotCopies {
    private static final int MOST_ROWS = 256;
    /** The bytes of slots and rows that are copied for one call, unless one row has more; they fit in a core's cache. */
    private static final long MOST_BYTES = 1 << 18;

    private final Slots slots;
    private final int from;
    private int to;
    private final ArraySlice[] slices;
    private int distinct;
    private long size;
    private final int[] starts;
    private final int[] capacities;
    /** A hash table by slot start: the first row with the slot, counted from 1; 0 if empty. */
    private final int[] seen;

    private SlotCopies(Slots slots, int from, int most) {
        this.slots = slots;
        this.from = from;
        to = from;
        slices = new ArraySlice[most];
        starts = new int[most];
        capacities = new int[most];
        seen = new int[4 * Integer.highestOneBit(most)];
    }

    /**
     * Copies of the slots of as many rows as one call should have, at least one.
     *
     * @param lengths the bytes of each row; null if rows are small
     */
    static SlotCopies of(Slots slots, int[] lengths, int from, int to) {
        SlotCopies copies = new SlotCopies(slots, from, Math.min(to - from, MOST_ROWS));
        long bytes = 0;
        for (int row = from; row < to && row - from < MOST_ROWS; row++) {
            bytes += lengths == null ? Long.BYTES : lengths[row];
            if (row > from && bytes + copies.size + slots.capacities()[row] > MOST_BYTES) {
                break;
            }
            copies.add(row);
        }
        return copies;
    }

    private void add(int row) {
        int i = row - from;
        int start = slots.starts()[row];
        capacities[i] = slots.capacities()[row];
        int same = first(start, i);
        if (same == i) {
            starts[i] = Math.toIntExact(size);
            slices[distinct++] = ArraySlice.of(slots.chunk(), start / Long.BYTES, capacities[i] / Long.BYTES);
            size += capacities[i];
        } else {
            starts[i] = starts[same];
        }
        to = row + 1;
    }

    /** The first row with this slot, relative to {@code from}; {@code i} if there is none before it. */
    private int first(int start, int i) {
        int mask = seen.length - 1;
        int at = start * 0x9E3779B1 >>> 16 & mask;
        while (seen[at] != 0) {
            if (slots.starts()[from + seen[at] - 1] == start) {
                return seen[at] - 1;
            }
            at = at + 1 & mask;
        }
        seen[at] = i + 1;
        return i;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    int rows() {
        return to - from;
    }

    /** State, size, slots, capacities. */
    Invocation addTo(Invocation call) {
        return call.inOut(Arrays.copyOf(slices, distinct))
                .number(size)
                .in(ArraySlice.of(starts, 0, rows()))
                .in(ArraySlice.of(capacities, 0, rows()));
    }
}
