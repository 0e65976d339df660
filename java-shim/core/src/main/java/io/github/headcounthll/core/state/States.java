// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.HeadcountException;

/**
 * The aggregation calls of a backend whose states are stored in the caller's memory: the {@code hc_hll_state_} and
 * {@code hc_hist_state_} functions of headcount.h. {@link SlotSketches} manages the slots.
 *
 * <p>A call returns true when all rows are done. It returns false if it needs more space; {@code progress.need()} is
 * the required number of bytes: in {@link #merge}, {@link #add} and {@link #addInt64} for the slot of row {@code
 * progress.row()}, in {@link #encode} for {@code out}. The caller provides the space and repeats the call with the same
 * progress. The backend handles long-running work itself. An invalid row throws {@link HeadcountException}, after which
 * the contents of the slots are undefined.
 */
public interface States {
    /** Merges row i's sketch into row i's slot. */
    boolean merge(Slots slots, Column sketches, Progress progress);

    /** Adds row i's id, as raw bytes, to row i's slot. */
    boolean add(Slots slots, Column ids, long precision, Progress progress);

    /** Adds {@code values[i]}, as its decimal text, to row i's slot. */
    boolean addInt64(Slots slots, long[] values, int rows, long precision, Progress progress);

    /**
     * Encodes the sketch of one slot, the first of {@code slots}, to the start of {@code out}, and sets {@code end[0]}
     * to its length, 0 if the slot is all zero. On false, {@code out} is too small and its contents are undefined.
     */
    boolean encode(Slots slots, byte[] out, int[] end, Progress progress);

    /** Adds row i's histogram array, which ends with sum and count, to row i's slot. */
    boolean histAggregate(Slots slots, Column arrays, Progress progress);

    /** Adds row i's array to row i's slot, element by element. */
    boolean histSum(Slots slots, Column arrays, Progress progress);

    /** {@link #encode} of a sum of arrays; the length is 0 if the sum has no elements. */
    boolean histEncode(Slots slots, byte[] out, int[] end, Progress progress);
}
