// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The byte strings that one thread has sent in shared memory, in order, and that the server keeps: an engine casts a page
 * and then merges it in the same thread, so they need not be sent again. Only of one lap of one memory. Used by that
 * thread alone.
 */
final class SentRows {
    /** Of shorter strings, a reference is not worth its comparison. */
    static final int FEWEST_BYTES = 256;
    /** How many rows a search skips, such as those that a filter has left out. */
    private static final int MOST_SKIPPED = 64;

    private WeakReference<SharedMemory> memory = new WeakReference<>(null);
    private int lap;
    private int count;
    private int[] offsets = {};
    private int[] lengths = {};
    /** How often rows were added, in all laps. */
    private long additions;
    /** The number of additions before the first row. */
    private long began;

    private int lastAdded;

    /** Adds the rows of a column whose body begins at an offset, and which the server has answered. */
    void add(SharedMemory of, int bodyOffset, RequestColumn.Bytes rows) {
        if (!memory.refersTo(of) || lap != of.lap()) {
            memory = new WeakReference<>(of);
            lap = of.lap();
            count = 0;
            began = additions;
        }
        additions++;
        lastAdded = count;
        int offset = bodyOffset + rows.endsLength();
        if (count + rows.rows() > offsets.length) {
            int room = Math.max(count + rows.rows(), 2 * offsets.length);
            offsets = Arrays.copyOf(offsets, room);
            lengths = Arrays.copyOf(lengths, room);
        }
        for (int row = rows.from(); row < rows.from() + rows.rows(); row++) {
            int length = rows.strings().length(row);
            if (length >= FEWEST_BYTES) {
                offsets[count] = offset;
                lengths[count++] = length;
            }
            offset += length;
        }
    }

    SharedMemory memory() {
        return memory.get();
    }

    int lap() {
        return lap;
    }

    long additions() {
        return additions;
    }

    /** The first row that was added last. */
    int lastAdded() {
        return lastAdded;
    }

    long began() {
        return began;
    }

    int offset(int row) {
        return offsets[row];
    }

    /** The first row from {@code from} on with these bytes, among the next ones; -1 if it is not there. */
    int find(int from, byte[] array, int start, int length) {
        SharedMemory in = memory.get();
        if (in == null || in.lap() != lap) {
            return -1;
        }
        ByteBuffer expected = null;
        for (int row = from; row < Math.min(count, from + MOST_SKIPPED); row++) {
            if (lengths[row] == length) {
                expected = expected == null ? ByteBuffer.wrap(array, start, length) : expected;
                if (in.holds(offsets[row], expected)) {
                    return row;
                }
            }
        }
        return -1;
    }
}
