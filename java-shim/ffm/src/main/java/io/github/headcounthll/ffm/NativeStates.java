// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.ffm;

import static java.lang.foreign.MemorySegment.ofArray;

import io.github.headcounthll.clib.CopiedStates;
import io.github.headcounthll.clib.Status;
import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.state.Progress;
import io.github.headcounthll.core.state.Slots;
import io.github.headcounthll.core.state.States;
import java.lang.foreign.MemorySegment;

/**
 * The aggregation calls. Rows and slots are passed in place on the heap; a row for which the library returns
 * WOULD_BLOCK is copied off the heap with its slot, so that the call blocks no safepoint. Not thread-safe.
 */
final class NativeStates implements States {
    private final CopiedStates copied = new CopiedStates(Library.THE);
    private final byte[] error = new byte[Status.ERROR_SIZE];
    private final MemorySegment errorMemory = ofArray(error);

    @Override
    public boolean merge(Slots slots, Column sketches, Progress progress) {
        for (; ; ) {
            int status;
            try {
                status = (int) Calls.STATE_MERGE
                        .critical()
                        .invokeExact(
                                ofArray(slots.chunk()),
                                size(slots),
                                ofArray(slots.starts()),
                                ofArray(slots.capacities()),
                                ofArray(sketches.data()),
                                (long) sketches.data().length,
                                ofArray(sketches.starts()),
                                ofArray(sketches.lengths()),
                                sketches.rows(),
                                flags(slots),
                                ofArray(progress.words()),
                                errorMemory);
            } catch (Throwable t) {
                throw ForeignInvocation.unexpected(t);
            }
            if (status == Status.WOULD_BLOCK) {
                if (!copied.merge(slots, sketches, progress.row() + 1, progress)) {
                    return false;
                }
                continue;
            }
            if (isOver(status)) {
                return status == Status.OK;
            }
        }
    }

    @Override
    public boolean add(Slots slots, Column ids, long precision, Progress progress) {
        for (; ; ) {
            int status;
            try {
                status = (int) Calls.STATE_ADD
                        .critical()
                        .invokeExact(
                                ofArray(slots.chunk()),
                                size(slots),
                                ofArray(slots.starts()),
                                ofArray(slots.capacities()),
                                ofArray(ids.data()),
                                (long) ids.data().length,
                                ofArray(ids.starts()),
                                ofArray(ids.lengths()),
                                ids.rows(),
                                precision,
                                flags(slots),
                                ofArray(progress.words()),
                                errorMemory);
            } catch (Throwable t) {
                throw ForeignInvocation.unexpected(t);
            }
            if (status == Status.WOULD_BLOCK) {
                if (!copied.add(slots, ids, progress.row() + 1, precision, progress)) {
                    return false;
                }
                continue;
            }
            if (isOver(status)) {
                return status == Status.OK;
            }
        }
    }

    @Override
    public boolean addLongs(Slots slots, long[] values, int rows, long precision, Progress progress) {
        for (; ; ) {
            int status;
            try {
                status = (int) Calls.STATE_ADD_INT64
                        .critical()
                        .invokeExact(
                                ofArray(slots.chunk()),
                                size(slots),
                                ofArray(slots.starts()),
                                ofArray(slots.capacities()),
                                ofArray(values),
                                rows,
                                precision,
                                flags(slots),
                                ofArray(progress.words()),
                                errorMemory);
            } catch (Throwable t) {
                throw ForeignInvocation.unexpected(t);
            }
            if (status == Status.WOULD_BLOCK) {
                if (!copied.addLongs(slots, values, progress.row() + 1, precision, progress)) {
                    return false;
                }
                continue;
            }
            if (isOver(status)) {
                return status == Status.OK;
            }
        }
    }

    @Override
    public boolean encode(Slots slots, byte[] out, int[] end, Progress progress) {
        for (; ; ) {
            int status;
            try {
                status = (int) Calls.STATE_ENCODE
                        .critical()
                        .invokeExact(
                                ofArray(slots.chunk()),
                                size(slots),
                                ofArray(slots.starts()),
                                ofArray(slots.capacities()),
                                1,
                                0,
                                ofArray(out),
                                (long) out.length,
                                ofArray(end),
                                ofArray(progress.words()),
                                errorMemory);
            } catch (Throwable t) {
                throw ForeignInvocation.unexpected(t);
            }
            if (status == Status.WOULD_BLOCK) {
                return copied.encode(slots, out, end, progress);
            }
            if (isOver(status)) {
                return status == Status.OK;
            }
        }
    }

    private static long size(Slots slots) {
        return (long) slots.chunk().length * Long.BYTES;
    }

    /** Is the call done, or for the caller to go on with? If not, it is made again. */
    private boolean isOver(int status) {
        return switch (status) {
            case Status.OK, Status.NEED_SPACE -> true;
            case Status.AGAIN -> false;
            default -> throw Status.exception(status, error, 0);
        };
    }

    private static int flags(Slots slots) {
        return slots.packRegisters() ? Status.PACK_REGISTERS : 0;
    }
}
