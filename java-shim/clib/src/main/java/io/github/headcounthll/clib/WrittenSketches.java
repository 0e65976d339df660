// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.ErrorCode;
import io.github.headcounthll.core.api.HeadcountException;
import java.util.Arrays;
import java.util.function.Function;

/** Collects the sketches that calls write, consecutively in one array. */
final class WrittenSketches {
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final int[] starts;
    private final int[] lengths;
    private byte[] bytes;
    private int rows;
    private int used;

    /** @param capacity an estimate of the bytes of all sketches */
    WrittenSketches(int rows, long capacity) {
        starts = new int[rows];
        lengths = new int[rows];
        bytes = new byte[(int) Math.min(capacity, LARGEST_ARRAY)];
    }

    /**
     * Calls a function that writes sketches, and repeats the call if it needs more space.
     *
     * @param guess an estimate of the bytes of these sketches, and the size of a copy if arrays are not passed in place
     * @param begin starts the call with its arguments before the output
     */
    void write(RowRange in, long guess, Function<RowRange, Invocation> begin) {
        int[] ends = new int[in.count()];
        for (long room = guess; ; ) {
            int capacity = (int) Math.min(room, bytes.length - used);
            long[] progress = new long[3];
            try (Invocation call = begin.apply(in)) {
                int status = call.out(ArraySlice.of(bytes, used, capacity))
                        .number(capacity)
                        .out(ArraySlice.of(ends))
                        .inOut(ArraySlice.of(progress))
                        .call();
                if (status == Status.OK) {
                    take(ends);
                    return;
                }
                if (status != Status.NEED_SPACE) {
                    throw call.exception(status, in.from());
                }
            }
            room = progress[2];
            makeRoom(room);
        }
    }

    private void take(int[] ends) {
        int from = 0;
        for (int end : ends) {
            starts[rows] = used + from;
            lengths[rows++] = end - from;
            from = end;
        }
        used += from;
    }

    private void makeRoom(long need) {
        if (need <= bytes.length - used) {
            return;
        }
        if (used + need > LARGEST_ARRAY) {
            throw new HeadcountException(
                    ErrorCode.TOO_LARGE, rows, "headcount: the sketches of one column are larger than 2^31 - 1 bytes");
        }
        bytes = Arrays.copyOf(bytes, (int) Math.max(used + need, Math.min(LARGEST_ARRAY, bytes.length * 3L / 2)));
    }

    /** All written sketches. */
    Column column() {
        return new Column(bytes, starts, lengths, rows);
    }
}
