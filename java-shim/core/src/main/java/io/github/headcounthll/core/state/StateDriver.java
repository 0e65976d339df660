// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

import io.github.headcounthll.core.api.HeadcountException;

/**
 * The caller's side of the state protocol ({@link States}): calls until every row is in its slot, and makes a slot or an
 * output larger where the library asks for it. The statuses that need no memory of the caller, AGAIN and WOULD_BLOCK, do
 * not come here.
 */
public final class StateDriver {
    private final Progress progress = new Progress();

    /** Rows and their slots, which the caller holds. */
    public interface Batch {
        /** The number of rows. */
        int rows();

        /** Takes rows into their slots, from {@code progress.row()} on: a call of {@link States}. */
        boolean take(Progress progress);

        /** The bytes of a row's slot. */
        int capacity(int row);

        /** Makes the slot of row {@code progress.row()} at least as large as asked for, and may do the same for later rows. */
        void grow(Progress progress);
    }

    /** A slot whose sketch is encoded. */
    public interface Encoder {
        /** Encodes to the start of {@code out}: a call of {@link States#encode}. */
        boolean encode(byte[] out, int[] end, Progress progress);
    }

    /** Takes all rows of a batch. */
    public void take(Batch batch) {
        progress.clear();
        finish(batch);
    }

    /** Takes the only row of a batch, from a position within the row on. */
    void takeRest(Batch row, long at) {
        progress.set(0, at, 0);
        finish(row);
    }

    private void finish(Batch batch) {
        while (progress.row() < batch.rows() && !batch.take(progress)) {
            int capacity = batch.capacity(progress.row());
            if (progress.need() <= capacity) {
                throw HeadcountException.internal(
                        "headcount: a state of " + capacity + " bytes was said to need " + progress.need());
            }
            batch.grow(progress);
        }
    }

    /** Encodes a sketch to an array, or to a larger one if it does not fit; returns the array. */
    public byte[] encode(Encoder slot, byte[] out, int[] end) {
        progress.clear();
        byte[] encoded = out;
        while (!slot.encode(encoded, end, progress)) {
            encoded = new byte[larger(encoded.length, progress.need())];
        }
        return encoded;
    }

    /** The length of an output that is to be made larger. */
    static int larger(int length, long need) {
        if (need <= length || need > Integer.MAX_VALUE - 8) {
            throw HeadcountException.internal("headcount: an output of " + length + " bytes was said to need " + need);
        }
        return (int) need;
    }
}
