// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core;

/**
 * The aggregation calls of a backend whose states lie in the caller's memory; the {@code hc_hll_state_} functions of
 * headcount.h. {@link SlotSketches} keeps the slots.
 *
 * <p>A call returns true when all rows are done. It returns false when room is missing, with {@code progress.need()}
 * saying how many bytes: in {@link #merge}, {@link #add} and {@link #addLongs} of the slot of row
 * {@code progress.row()}, in {@link #encode} of {@code out}. The caller provides it and calls again with the progress
 * as it stands. Long work is the backend's own business. A refused row is a {@link HeadcountException}, after which
 * the slots hold nothing that can be relied on.
 */
public interface States {
    /** Unites row i's sketch into row i's slot. */
    boolean merge(Slots slots, Column sketches, Progress progress);

    /** Adds row i's id, by its bytes as they are, to row i's slot. */
    boolean add(Slots slots, Column ids, long precision, Progress progress);

    /** Adds {@code values[i]}, as its decimal text, to row i's slot. */
    boolean addLongs(Slots slots, long[] values, int rows, long precision, Progress progress);

    /**
     * Writes the sketch of one slot, the first of {@code slots}, to the start of {@code out}, and its length to
     * {@code end[0]}: 0 if the slot is still zero bytes. False speaks of {@code out}; nothing may be read from it then.
     */
    boolean encode(Slots slots, byte[] out, int[] end, Progress progress);
}
