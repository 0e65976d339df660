package io.github.headcounthll.ffm;

import static java.lang.foreign.MemorySegment.ofArray;

import io.github.headcounthll.core.Column;
import io.github.headcounthll.core.Progress;
import io.github.headcounthll.core.Slots;
import io.github.headcounthll.core.States;
import io.github.headcounthll.ffm.Library.Calls;
import java.lang.foreign.MemorySegment;

/**
 * The aggregation calls. Rows and slots are taken where they lie on the heap; a row that the library calls heavy is
 * taken off the heap with its slot, so that nobody waits for it. For one thread at a time.
 */
final class NativeStates implements States {
    private static final int[] ZERO = {0};

    private final MemorySegment error = ofArray(new byte[Status.ERROR_SIZE]);

    @Override
    public boolean merge(Slots slots, Column sketches, Progress progress) {
        for (;;) {
            int status;
            try {
                status = (int) Calls.C.stateMerge().critical().invokeExact(
                        ofArray(slots.chunk()), size(slots), ofArray(slots.starts()), ofArray(slots.capacities()),
                        ofArray(sketches.data()), (long) sketches.data().length,
                        ofArray(sketches.starts()), ofArray(sketches.lengths()), sketches.rows(),
                        flags(slots), ofArray(progress.words()), error);
            } catch (Throwable t) {
                throw Status.unexpected(t);
            }
            if (status == Status.HEAVY) {
                try (Invocation call = Invocation.lengthy(Calls.C.stateMerge())) {
                    int row = progress.row();
                    slot(call, slots, row).rows(sketches, row, row + 1).number(1).number(flags(slots) | Status.MAY_TAKE_LONG);
                    status = callHeavy(call, progress);
                }
            }
            if (isOver(status)) {
                return status == Status.OK;
            }
        }
    }

    @Override
    public boolean add(Slots slots, Column ids, long precision, Progress progress) {
        for (;;) {
            int status;
            try {
                status = (int) Calls.C.stateAdd().critical().invokeExact(
                        ofArray(slots.chunk()), size(slots), ofArray(slots.starts()), ofArray(slots.capacities()),
                        ofArray(ids.data()), (long) ids.data().length,
                        ofArray(ids.starts()), ofArray(ids.lengths()), ids.rows(),
                        precision, flags(slots), ofArray(progress.words()), error);
            } catch (Throwable t) {
                throw Status.unexpected(t);
            }
            if (status == Status.HEAVY) {
                try (Invocation call = Invocation.lengthy(Calls.C.stateAdd())) {
                    int row = progress.row();
                    slot(call, slots, row).rows(ids, row, row + 1).number(1).number(precision)
                            .number(flags(slots) | Status.MAY_TAKE_LONG);
                    status = callHeavy(call, progress);
                }
            }
            if (isOver(status)) {
                return status == Status.OK;
            }
        }
    }

    @Override
    public boolean addLongs(Slots slots, long[] values, int rows, long precision, Progress progress) {
        for (;;) {
            int status;
            try {
                status = (int) Calls.C.stateAddInt64().critical().invokeExact(
                        ofArray(slots.chunk()), size(slots), ofArray(slots.starts()), ofArray(slots.capacities()),
                        ofArray(values), rows, precision, flags(slots), ofArray(progress.words()), error);
            } catch (Throwable t) {
                throw Status.unexpected(t);
            }
            if (status == Status.HEAVY) {
                try (Invocation call = Invocation.lengthy(Calls.C.stateAddInt64())) {
                    int row = progress.row();
                    slot(call, slots, row).in(ofArray(new long[] {values[row]})).number(1).number(precision)
                            .number(flags(slots) | Status.MAY_TAKE_LONG);
                    status = callHeavy(call, progress);
                }
            }
            if (isOver(status)) {
                return status == Status.OK;
            }
        }
    }

    @Override
    public boolean encode(Slots slots, byte[] out, int[] end, Progress progress) {
        for (;;) {
            int status;
            try {
                status = (int) Calls.C.stateEncode().critical().invokeExact(
                        ofArray(slots.chunk()), size(slots), ofArray(slots.starts()), ofArray(slots.capacities()),
                        1, 0, ofArray(out), (long) out.length, ofArray(end), ofArray(progress.words()), error);
            } catch (Throwable t) {
                throw Status.unexpected(t);
            }
            if (status == Status.HEAVY) {
                try (Invocation call = Invocation.lengthy(Calls.C.stateEncode())) {
                    slot(call, slots, 0).number(1).number(Status.MAY_TAKE_LONG)
                            .out(ofArray(out)).number((long) out.length).out(ofArray(end));
                    status = callHeavy(call, progress);
                }
                if (status == Status.AGAIN) {
                    return true;
                }
            }
            if (isOver(status)) {
                return status == Status.OK;
            }
        }
    }

    private static long size(Slots slots) {
        return (long) slots.chunk().length * Long.BYTES;
    }

    /** One row's slot as the only one there is: state, size, slots, capacities. */
    private static Invocation slot(Invocation call, Slots slots, int row) {
        int capacity = slots.capacities()[row];
        return call.inOut(ofArray(slots.chunk()).asSlice(slots.starts()[row], capacity))
                .number((long) capacity).in(ofArray(ZERO)).in(ofArray(new int[] {capacity}));
    }

    /**
     * Ends a call on one row, row 0 there and row {@code progress.row()} here. Returns AGAIN when the row is done, so
     * that the rows after it are taken up.
     */
    private int callHeavy(Invocation call, Progress progress) {
        int row = progress.row();
        long[] words = {0, progress.at(), 0};
        int status = call.inOut(ofArray(words)).call();
        switch (status) {
            case Status.OK -> {
                progress.set(row + 1, 0, 0);
                return Status.AGAIN;
            }
            case Status.ROOM -> progress.set(row, words[1], words[2]);
            default -> throw call.refusal(status, row);
        }
        return status;
    }

    /** Is the call done, or for the caller to go on with? If not, it is made again. */
    private boolean isOver(int status) {
        return switch (status) {
            case Status.OK, Status.ROOM -> true;
            case Status.AGAIN -> false;
            default -> throw Status.refusal(status, error, 0);
        };
    }

    private static int flags(Slots slots) {
        return slots.saveMemory() ? Status.SAVE_MEMORY : 0;
    }
}
