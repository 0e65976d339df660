// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.state;

import io.github.headcounthll.clib.ArraySlice;
import io.github.headcounthll.clib.CFunction;
import io.github.headcounthll.clib.Invocation;
import io.github.headcounthll.clib.Status;
import io.github.headcounthll.spark.library.Library;
import java.util.Arrays;

/** The calls of the library for slots that are arrays of their own, one for each group. */
final class SlotCalls {
    private static final int FIRST_OUTPUT = 1 << 13;

    private SlotCalls() {}

    /**
     * Takes the rows of a batch from {@code from} on into their slots. Returns false if a slot is too small:
     * {@code progress} then has the row, counted from {@code from}, the position in it and the bytes that it needs.
     */
    static boolean take(RowBatch batch, RowBatch.Kind kind, long precision, int from, long[] progress) {
        try (Invocation call = Library.caller().allowLong(function(kind))) {
            addSlots(call, batch, from);
            addRows(call, batch, kind, from);
            call.number(batch.rows - from);
            if (kind != RowBatch.Kind.SKETCHES) {
                call.number(precision);
            }
            call.number(Status.ALLOW_LONG);
            return isDone(call.inOut(ArraySlice.of(progress)), from);
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
        int size = 0;
        for (int i = 0; i < slots.length; i++) {
            long[] slot = batch.distinct[i].slot;
            slots[i] = ArraySlice.of(slot);
            slotStarts[i] = size;
            size = Math.addExact(size, Math.multiplyExact(slot.length, Long.BYTES));
        }
        int rows = batch.rows - from;
        int[] starts = new int[rows];
        int[] capacities = new int[rows];
        for (int i = 0; i < rows; i++) {
            SketchBuffer group = batch.groups[from + i];
            starts[i] = slotStarts[group.index];
            capacities[i] = group.slot.length * Long.BYTES;
        }
        call.inOut(slots).number(size).in(ArraySlice.of(starts)).in(ArraySlice.of(capacities));
    }

    private static void addRows(Invocation call, RowBatch batch, RowBatch.Kind kind, int from) {
        int rows = batch.rows - from;
        switch (kind) {
            case INTEGERS -> call.in(ArraySlice.of(batch.integers, from, rows));
            case SKETCHES, IDS -> {
                int size = batch.starts[batch.rows - 1] + batch.lengths[batch.rows - 1];
                call.in(ArraySlice.of(batch.data, 0, size))
                        .number(size)
                        .in(ArraySlice.of(batch.starts, from, rows))
                        .in(ArraySlice.of(batch.lengths, from, rows));
            }
        }
    }

    /** The encoded sketch of a slot. */
    static byte[] encode(long[] slot) {
        byte[] out = new byte[Math.min(FIRST_OUTPUT, slot.length * Long.BYTES + Long.BYTES)];
        long[] progress = new long[3];
        int[] end = new int[1];
        while (!isEncoded(slot, out, end, progress)) {
            out = new byte[Math.toIntExact(progress[2])];
        }
        return end[0] == out.length ? out : Arrays.copyOf(out, end[0]);
    }

    private static boolean isEncoded(long[] slot, byte[] out, int[] end, long[] progress) {
        int bytes = Math.multiplyExact(slot.length, Long.BYTES);
        try (Invocation call = Library.caller().allowLong(CFunction.STATE_ENCODE)) {
            call.inOut(ArraySlice.of(slot))
                    .number(bytes)
                    .in(ArraySlice.of(new int[1]))
                    .in(ArraySlice.of(new int[] {bytes}))
                    .number(1)
                    .number(Status.ALLOW_LONG)
                    .out(ArraySlice.of(out))
                    .number(out.length)
                    .out(ArraySlice.of(end));
            return isDone(call.inOut(ArraySlice.of(progress)), 0);
        }
    }

    private static boolean isDone(Invocation call, int from) {
        int status = call.call();
        return switch (status) {
            case Status.OK -> true;
            case Status.NEED_SPACE -> false;
            default -> throw call.exception(status, from);
        };
    }
}
