// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.state;

import io.github.headcounthll.clib.ArraySlice;
import io.github.headcounthll.clib.CFunction;
import io.github.headcounthll.clib.CopiedStates;
import io.github.headcounthll.clib.Invocation;
import io.github.headcounthll.clib.Status;
import io.github.headcounthll.core.state.Progress;
import io.github.headcounthll.core.state.Slots;
import io.github.headcounthll.core.state.StateDriver;
import io.github.headcounthll.core.state.States;
import io.github.headcounthll.spark.library.Library;
import java.util.Arrays;

/** The calls of the library for slots that are arrays of their own, one for each group. */
final class SlotCalls {
    private static final int FIRST_OUTPUT = 1 << 13;

    private SlotCalls() {}

    /** Takes the rows of a batch into their slots, from {@code progress.row()} on: as a call of {@link States}. */
    static boolean take(RowBatch batch, RowBatch.Kind kind, long precision, Progress progress) {
        int from = progress.row();
        try (Invocation call = Library.caller().allowLong(function(kind))) {
            addSlots(call, batch, from);
            addRows(call, batch, kind, from);
            call.number(batch.rows - from);
            if (kind != RowBatch.Kind.SKETCHES) {
                call.number(precision);
            }
            return call.number(Status.ALLOW_LONG).advance(from, batch.rows, progress);
        }
    }

    private static CFunction function(RowBatch.Kind kind) {
        return switch (kind) {
            case SKETCHES -> CFunction.STATE_MERGE;
            case IDS -> CFunction.STATE_ADD;
            case INTEGERS -> CFunction.STATE_ADD_INT64;
        };
    }

    /** The slots one after the other, and where the slot of each row is. */
    private static void addSlots(Invocation call, RowBatch batch, int from) {
        ArraySlice[] slots = new ArraySlice[batch.distinctCount];
        int[] slotStarts = new int[batch.distinctCount];
        int[] slotSizes = new int[batch.distinctCount];
        int size = 0;
        for (int i = 0; i < slots.length; i++) {
            long[] slot = batch.distinct[i].slot;
            slots[i] = ArraySlice.of(slot);
            slotStarts[i] = size;
            slotSizes[i] = Math.multiplyExact(slot.length, Long.BYTES);
            size = Math.addExact(size, slotSizes[i]);
        }
        int rows = batch.rows - from;
        int[] starts = new int[rows];
        int[] capacities = new int[rows];
        for (int i = 0; i < rows; i++) {
            int group = batch.groups[from + i];
            starts[i] = slotStarts[group];
            capacities[i] = slotSizes[group];
        }
        call.inOut(slots).number(size).in(ArraySlice.of(starts)).in(ArraySlice.of(capacities));
    }

    private static void addRows(Invocation call, RowBatch batch, RowBatch.Kind kind, int from) {
        int rows = batch.rows - from;
        switch (kind) {
            case INTEGERS -> call.in(ArraySlice.of(batch.integers, from, rows));
            case SKETCHES, IDS -> {
                int size = batch.starts[batch.rows - 1] + batch.lengths[batch.rows - 1];
                call.in(batch.memory.address())
                        .number(size)
                        .in(ArraySlice.of(batch.starts, from, rows))
                        .in(ArraySlice.of(batch.lengths, from, rows));
            }
        }
    }

    /** The encoded sketch of a slot. */
    static byte[] encode(long[] slot) {
        int bytes = Math.multiplyExact(slot.length, Long.BYTES);
        Slots only = Slots.of(slot, new int[1], new int[] {bytes});
        States states = new CopiedStates(Library.caller());
        byte[] guess = new byte[Math.min(FIRST_OUTPUT, bytes + Long.BYTES)];
        int[] end = new int[1];
        byte[] out = new StateDriver()
                .encode((to, ends, progress) -> states.encode(only, 1, to, 0, ends, progress), guess, end);
        return end[0] == out.length ? out : Arrays.copyOf(out, end[0]);
    }
}
