// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import io.github.headcounthll.core.Column;
import io.github.headcounthll.core.HeadcountException;
import io.github.headcounthll.clib.CFunction.Parameter;

/**
 * One call, argument by argument in the order of its declaration; the last, the error, is added by {@link #call}. It
 * takes arrays as they lie, or copies of them; then what it wrote is copied back.
 */
public abstract class Invocation implements AutoCloseable {
    private final CFunction function;
    private int arguments;

    protected Invocation(CFunction function) {
        this.function = function;
    }

    // What a way of calling does with arguments.

    /** The next argument is a number. */
    protected abstract void addNumber(Parameter parameter, long value);

    /** The next argument is what is in these stretches, one after the other. */
    protected abstract void addIn(ArraySlice... parts);

    /** The next argument is to be written to. */
    protected abstract void addOut(ArraySlice stretch);

    /** The next argument is what is in these stretches, one after the other, and is to be written to. */
    protected abstract void addInOut(ArraySlice... parts);

    /** The next argument is the error. */
    protected abstract void addError();

    /** Does the call take arrays as they lie? Then an argument has one stretch. */
    protected abstract boolean isInPlace();

    /** Calls, and gives the status. */
    protected abstract int invoke();

    /** The call is over: copies back what has to be. */
    protected abstract void finish();

    /** The error that the call has filled. */
    protected abstract byte[] error();

    /** Gives back what was taken for copies. */
    @Override
    public abstract void close();

    // What callers say.

    /** A number of either width. */
    public final Invocation number(long value) {
        Parameter parameter = next();
        if (parameter == Parameter.POINTER) {
            throw misplaced("a number");
        }
        addNumber(parameter, value);
        return this;
    }

    /** An array that is read; several stretches one after the other, unless {@link #isInPlace}. */
    public final Invocation in(ArraySlice... parts) {
        expectPointer();
        addIn(parts);
        return this;
    }

    /** An array that is written. */
    public final Invocation out(ArraySlice stretch) {
        expectPointer();
        addOut(stretch);
        return this;
    }

    /** An array that is read and written, as {@link #in}. */
    public final Invocation inOut(ArraySlice... parts) {
        expectPointer();
        addInOut(parts);
        return this;
    }

    /** RowRange from (inclusive) to (exclusive) of a column: data, size, starts, lengths. */
    public final Invocation rows(Column column, int from, int to) {
        int count = to - from;
        if (!isInPlace()) {
            return PackedRows.of(column, from, count).addTo(this);
        }
        return in(ArraySlice.of(column.data())).number(column.data().length)
                .in(ArraySlice.of(column.starts(), from, count)).in(ArraySlice.of(column.lengths(), from, count));
    }

    /** Calls, and again while the library says so; returns the status. */
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

    /** Calls, and throws what is not OK; {@code from} is the row of the caller's column that is row 0 here. */
    public final void callForOk(int from) {
        int status = call();
        if (status != Status.OK) {
            throw refusal(status, from);
        }
    }

    /** The exception of a status that is not OK, after {@link #call}. */
    public final HeadcountException refusal(int status, int from) {
        return Status.refusal(status, error(), from);
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
