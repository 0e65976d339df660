package io.github.headcounthll.ffm;

import io.github.headcounthll.core.Column;
import io.github.headcounthll.core.HeadcountException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * One call, argument by argument in the order of its declaration; the last, the error, is added by {@link #call}.
 * A brief call takes heap arrays as they lie. A long one takes copies off the heap, and what it wrote is copied back,
 * so that no safepoint waits for it.
 *
 * <p>It costs some hundred nanoseconds more than a call spelled out, as those are that engines make row by row.
 */
final class Invocation implements AutoCloseable {
    private static final int ALIGNMENT = Long.BYTES;

    private final Export export;
    /** Null for a brief call. */
    private final Arena arena;
    private final List<Object> arguments = new ArrayList<>();
    private final List<Written> written = new ArrayList<>();
    private MemorySegment error;

    /** What has to be copied back. */
    private record Written(MemorySegment copy, MemorySegment heap) {}

    private Invocation(Export export, Arena arena) {
        this.export = export;
        this.arena = arena;
    }

    /** A call of some ten microseconds. */
    static Invocation brief(Export export) {
        return new Invocation(export, null);
    }

    /** A call that may take longer. */
    static Invocation lengthy(Export export) {
        return new Invocation(export, Arena.ofConfined());
    }

    Invocation number(int value) {
        arguments.add(value);
        return this;
    }

    Invocation number(long value) {
        arguments.add(value);
        return this;
    }

    /** An array that is read. */
    Invocation in(MemorySegment heap) {
        arguments.add(arena == null ? heap : copy(heap));
        return this;
    }

    /** An array that is written. */
    Invocation out(MemorySegment heap) {
        return written(arena == null ? heap : arena.allocate(heap.byteSize(), ALIGNMENT), heap);
    }

    /** An array that is read and written. */
    Invocation inOut(MemorySegment heap) {
        return written(arena == null ? heap : copy(heap), heap);
    }

    private Invocation written(MemorySegment memory, MemorySegment heap) {
        if (arena != null) {
            written.add(new Written(memory, heap));
        }
        arguments.add(memory);
        return this;
    }

    private MemorySegment copy(MemorySegment heap) {
        return arena.allocate(heap.byteSize(), ALIGNMENT).copyFrom(heap);
    }

    /** Rows from (inclusive) to (exclusive) of a column: data, size, starts, lengths. */
    Invocation rows(Column column, int from, int to) {
        if (arena != null) {
            return copiedRows(column, from, to);
        }
        long first = (long) from * Integer.BYTES;
        return in(MemorySegment.ofArray(column.data()))
                .number((long) column.data().length)
                .in(MemorySegment.ofArray(column.starts()).asSlice(first))
                .in(MemorySegment.ofArray(column.lengths()).asSlice(first));
    }

    /** The rows alone are copied, one after the other, and not what lies between them. */
    private Invocation copiedRows(Column column, int from, int to) {
        int[] starts = new int[to - from];
        int[] lengths = new int[to - from];
        long size = 0;
        for (int row = from; row < to; row++) {
            starts[row - from] = Math.toIntExact(size);
            lengths[row - from] = column.lengths()[row];
            size += column.lengths()[row];
        }
        MemorySegment data = arena.allocate(size, ALIGNMENT);
        for (int row = from; row < to; row++) {
            MemorySegment.copy(MemorySegment.ofArray(column.data()), column.starts()[row],
                    data, starts[row - from], column.lengths()[row]);
        }
        arguments.add(data);
        return number(size).in(MemorySegment.ofArray(starts)).in(MemorySegment.ofArray(lengths));
    }

    /** Calls, and again while the library says so; returns the status. */
    int call() {
        error = arena == null ? MemorySegment.ofArray(new byte[Status.ERROR_SIZE]) : arena.allocate(Status.ERROR);
        arguments.add(error);
        Object[] array = arguments.toArray();
        int status;
        do {
            try {
                Object answer = arena == null
                        ? (Object) export.criticalSpread().invokeExact(array)
                        : (Object) export.plainSpread().invokeExact(array);
                status = (int) answer;
            } catch (Throwable t) {
                throw Status.unexpected(t);
            }
        } while (status == Status.AGAIN);
        for (Written one : written) {
            one.heap().copyFrom(one.copy());
        }
        return status;
    }

    /** Calls, and throws what is not OK; {@code from} is the row of the caller's column that is row 0 here. */
    void callForOk(int from) {
        int status = call();
        if (status != Status.OK) {
            throw refusal(status, from);
        }
    }

    HeadcountException refusal(int status, int from) {
        return Status.refusal(status, error, from);
    }

    @Override
    public void close() {
        if (arena != null) {
            arena.close();
        }
    }
}
