// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import io.github.headcounthll.clib.CFunction.Parameter;
import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.core.state.Progress;

/**
 * One call. Arguments are added in the order of the declaration; {@link #call} adds the last one, the error. Arrays are
 * passed in place or as copies; copies of written arrays are copied back after the call.
 */
public abstract class Invocation implements AutoCloseable {
    private final CFunction function;
    private int arguments;

    protected Invocation(CFunction function) {
        this.function = function;
    }

    // Implemented by each way of calling.

    /** The next argument is a number. */
    protected abstract void addNumber(Parameter parameter, long value);

    /** The next argument is the concatenation of these slices. */
    protected abstract void addIn(ArraySlice... parts);

    /** The next argument is memory outside the heap. */
    protected void addAddress(long address) {
        throw new UnsupportedOperationException("this call takes no memory outside the heap");
    }

    /** The next argument is an output. */
    protected abstract void addOut(ArraySlice slice);

    /** The next argument is the concatenation of these slices, read and written. */
    protected abstract void addInOut(ArraySlice... parts);

    /** The next argument is the error. */
    protected abstract void addError();

    /** Returns whether arrays are passed in place. Then an argument has exactly one slice. */
    protected abstract boolean isInPlace();

    /** Calls the function and returns its status. */
    protected abstract int invoke();

    /** After the call: copies outputs back. */
    protected abstract void finish();

    /** The error that the call has written. */
    protected abstract byte[] error();

    /** Releases the memory of copies. */
    @Override
    public abstract void close();

    // Used by callers.

    /** A number of either width. */
    public final Invocation number(long value) {
        Parameter parameter = next();
        if (parameter == Parameter.POINTER) {
            throw misplaced("a number");
        }
        addNumber(parameter, value);
        return this;
    }

    /** An input array; several slices are concatenated, unless {@link #isInPlace}. */
    public final Invocation in(ArraySlice... parts) {
        expectPointer();
        addIn(parts);
        return this;
    }

    /** An input array outside the heap, which stays there until the call is over; it is not copied. */
    public final Invocation in(long address) {
        expectPointer();
        addAddress(address);
        return this;
    }

    /** An output array. */
    public final Invocation out(ArraySlice slice) {
        expectPointer();
        addOut(slice);
        return this;
    }

    /** An input and output array, as {@link #in}. */
    public final Invocation inOut(ArraySlice... parts) {
        expectPointer();
        addInOut(parts);
        return this;
    }

    /** RowRange from (inclusive) to (exclusive) of a column: data, size, starts, lengths. */
    public final Invocation rows(Column column, int from, int to) {
        int count = to - from;
        if (!isInPlace()) {
            return packed(column, from, count);
        }
        return in(slice(column, 0, column.size()))
                .number(column.size())
                .in(ArraySlice.of(column.starts(), from, count))
                .in(ArraySlice.of(column.lengths(), from, count));
    }

    /** The rows of a column for a call that copies: small gaps between rows are copied too, large gaps are skipped. */
    private Invocation packed(Column column, int from, int count) {
        long sum = 0;
        int first = count == 0 ? 0 : column.size();
        int end = 0;
        for (int row = from; row < from + count; row++) {
            column.check(row);
            int start = column.starts()[row];
            int length = column.lengths()[row];
            sum += length;
            first = Math.min(first, start);
            end = Math.max(end, start + length);
        }
        int[] starts = new int[count];
        if (end - (long) first <= 2 * sum) {
            for (int i = 0; i < count; i++) {
                starts[i] = column.starts()[from + i] - first;
            }
            in(slice(column, first, end - first)).number(end - first);
        } else {
            in(oneByOne(column, from, starts)).number(sum);
        }
        return in(ArraySlice.of(starts)).in(ArraySlice.of(column.lengths(), from, count));
    }

    /** The rows without the gaps; sets where each starts. */
    private static ArraySlice[] oneByOne(Column column, int from, int[] starts) {
        ArraySlice[] data = new ArraySlice[starts.length];
        int at = 0;
        for (int i = 0; i < data.length; i++) {
            int length = column.lengths()[from + i];
            data[i] = slice(column, column.starts()[from + i], length);
            starts[i] = at;
            at = Math.addExact(at, length);
        }
        return data;
    }

    /** Bytes of a column's array, of which whole elements are taken if it is one of integers. */
    private static ArraySlice slice(Column column, int start, int length) {
        return column.elements() == null
                ? ArraySlice.of(column.data(), start, length)
                : ArraySlice.of(column.elements(), start / Long.BYTES, length / Long.BYTES);
    }

    /** Calls the function, repeatedly while it returns AGAIN; returns the status. */
    public final int call() {
        if (function.fillsError()) {
            expectPointer();
            addError();
        }
        if (arguments != function.parameters().size()) {
            throw new IllegalStateException(arguments + " arguments for " + function.declaration());
        }
        int status;
        do {
            status = invoke();
        } while (status == Status.AGAIN && function.fillsError());
        finish();
        return status;
    }

    /**
     * Calls the function and throws if the status is not OK; {@code from} is the caller's row that is row 0 of this
     * call.
     */
    public final void callForOk(int from) {
        int status = call();
        if (status != Status.OK) {
            throw exception(status, from);
        }
    }

    /**
     * Calls a function over states for the caller's rows {@code from} (inclusive) to {@code to} (exclusive). Returns true
     * if these rows are done, false if more space is needed; sets the progress.
     */
    public final boolean advance(int from, int to, Progress progress) {
        long[] words = {0, progress.at(), 0};
        int status = inOut(ArraySlice.of(words)).call();
        switch (status) {
            case Status.OK -> progress.set(to, 0, 0);
            case Status.NEED_SPACE -> progress.set(from + (int) words[0], words[1], words[2]);
            default -> throw exception(status, from);
        }
        return status == Status.OK;
    }

    /** The exception for a status that is not OK, after {@link #call}. */
    public final HeadcountException exception(int status, int from) {
        return Status.exception(status, error(), from);
    }

    private Parameter next() {
        if (arguments == function.parameters().size()) {
            throw misplaced("one more argument");
        }
        return function.parameters().get(arguments++);
    }

    private void expectPointer() {
        if (next() != Parameter.POINTER) {
            throw misplaced("an array");
        }
    }

    private IllegalStateException misplaced(String what) {
        return new IllegalStateException(what + " as argument " + arguments + " of " + function.declaration());
    }
}
