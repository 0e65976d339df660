// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.state.Progress;
import io.github.headcounthll.core.state.Slots;
import io.github.headcounthll.core.state.States;

/**
 * The aggregation calls on copies of rows and slots, a batch of rows at a time. Such a call blocks no safepoint, so it
 * may take long.
 */
public final class CopiedStates implements States {
    private final Caller caller;

    public CopiedStates(Caller caller) {
        this.caller = caller;
    }

    @Override
    public boolean merge(Slots slots, Column sketches, Progress progress) {
        return merge(slots, sketches, sketches.rows(), progress);
    }

    /** {@link #merge} of the rows before {@code to}. */
    public boolean merge(Slots slots, Column sketches, int to, Progress progress) {
        while (progress.row() < to) {
            SlotCopies copies = SlotCopies.of(slots, sketches.lengths(), progress.row(), to);
            try (Invocation call = caller.allowLong(CFunction.STATE_MERGE)) {
                copies.addTo(call)
                        .rows(sketches, copies.from(), copies.to())
                        .number(copies.rows())
                        .number(flags(slots));
                if (!isDone(call, copies.from(), copies.to(), progress)) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public boolean add(Slots slots, Column ids, long precision, Progress progress) {
        return add(slots, ids, ids.rows(), precision, progress);
    }

    /** {@link #add} of the rows before {@code to}. */
    public boolean add(Slots slots, Column ids, int to, long precision, Progress progress) {
        while (progress.row() < to) {
            SlotCopies copies = SlotCopies.of(slots, ids.lengths(), progress.row(), to);
            try (Invocation call = caller.allowLong(CFunction.STATE_ADD)) {
                copies.addTo(call)
                        .rows(ids, copies.from(), copies.to())
                        .number(copies.rows())
                        .number(precision)
                        .number(flags(slots));
                if (!isDone(call, copies.from(), copies.to(), progress)) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public boolean addLongs(Slots slots, long[] values, int rows, long precision, Progress progress) {
        while (progress.row() < rows) {
            SlotCopies copies = SlotCopies.of(slots, null, progress.row(), rows);
            try (Invocation call = caller.allowLong(CFunction.STATE_ADD_INT64)) {
                copies.addTo(call)
                        .in(ArraySlice.of(values, copies.from(), copies.rows()))
                        .number(copies.rows())
                        .number(precision)
                        .number(flags(slots));
                if (!isDone(call, copies.from(), copies.to(), progress)) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public boolean encode(Slots slots, byte[] out, int[] end, Progress progress) {
        try (Invocation call = caller.allowLong(CFunction.STATE_ENCODE)) {
            SlotCopies.of(slots, null, 0, 1)
                    .addTo(call)
                    .number(1)
                    .number(Status.ALLOW_LONG)
                    .out(ArraySlice.of(out))
                    .number(out.length)
                    .out(ArraySlice.of(end, 0, 1));
            return isDone(call, 0, 1, progress);
        }
    }

    /** Ends a call on rows from (inclusive) to (exclusive), row 0 and on there. */
    private static boolean isDone(Invocation call, int from, int to, Progress progress) {
        long[] words = {0, progress.at(), 0};
        int status = call.inOut(ArraySlice.of(words)).call();
        switch (status) {
            case Status.OK -> progress.set(to, 0, 0);
            case Status.NEED_SPACE -> progress.set(from + (int) words[0], words[1], words[2]);
            default -> throw call.exception(status, from);
        }
        return status == Status.OK;
    }

    private static int flags(Slots slots) {
        return Status.ALLOW_LONG | (slots.packRegisters() ? Status.PACK_REGISTERS : 0);
    }
}
