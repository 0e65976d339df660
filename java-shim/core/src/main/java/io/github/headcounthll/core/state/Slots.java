// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

/**
 * The slots of the rows of a call: row i's slot is the {@code capacities[i]} bytes from byte {@code starts[i]} of the
 * chunk. A chunk is an array of longs, so that it starts at a multiple of 8 bytes with any object header size. Slot
 * offsets and sizes are multiples of 8. The contents of a slot are opaque.
 *
 * @param packRegisters whether there are enough groups for memory to have priority over time
 * @param setAside whether rows whose slots are too small may be set aside
 * @param spare the bytes that there are for each slot, if more memory saves time
 */
public record Slots(long[] chunk, int[] starts, int[] capacities, boolean packRegisters, boolean setAside, int spare) {
    /** Slots for a call that reads them. */
    public static Slots of(long[] chunk, int[] starts, int[] capacities) {
        return new Slots(chunk, starts, capacities, false, false, 0);
    }
}
