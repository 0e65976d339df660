// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.jni;

import io.github.headcounthll.clib.ArraySlice;
import io.github.headcounthll.clib.CFunction;
import io.github.headcounthll.clib.CFunction.Parameter;
import io.github.headcounthll.clib.Invocation;
import io.github.headcounthll.clib.Status;
import java.util.ArrayList;
import java.util.List;

/**
 * A call on copies outside the heap. It never blocks garbage collection or a safepoint. The copies are in the thread's
 * {@link Scratch}; larger ones get memory of their own until the call is closed.
 */
final class JniInvocation extends Invocation {
    private static final int MOST_ARGUMENTS = 24;

    private final CFunction function;
    private final Scratch scratch = Scratch.take();
    /** The first bytes are the words of the call. */
    private int used = MOST_ARGUMENTS * Long.BYTES;

    private long wanted = used;
    private int words;
    private final List<Copy> written = new ArrayList<>(4);
    private final List<Memory> own = new ArrayList<>(0);
    private Copy error;

    /** The position of the copy of an argument's slices. */
    private record Copy(Memory memory, int at, ArraySlice[] parts) {
        void fill() {
            int to = at;
            for (ArraySlice part : parts) {
                memory.put(to, part);
                to += (int) part.bytes();
            }
        }

        void bringBack() {
            int from = at;
            for (ArraySlice part : parts) {
                memory.get(from, part);
                from += (int) part.bytes();
            }
        }
    }

    JniInvocation(CFunction function) {
        super(function);
        this.function = function;
    }

    @Override
    protected boolean isInPlace() {
        return false;
    }

    @Override
    protected void addNumber(Parameter parameter, long value) {
        add(parameter == Parameter.INT32 ? Math.toIntExact(value) : value);
    }

    private void add(long word) {
        scratch.memory().putLong(words++ * Long.BYTES, word);
    }

    @Override
    protected void addIn(ArraySlice... parts) {
        place(parts).fill();
    }

    @Override
    protected void addAddress(long address) {
        add(address);
    }

    @Override
    protected void addOut(ArraySlice slice) {
        written.add(place(slice));
    }

    @Override
    protected void addInOut(ArraySlice... parts) {
        Copy copy = place(parts);
        copy.fill();
        written.add(copy);
    }

    @Override
    protected void addError() {
        error = place(ArraySlice.of(new byte[Status.ERROR_SIZE]));
    }

    /** Makes room, which is the next argument. */
    private Copy place(ArraySlice... parts) {
        long bytes = 0;
        for (ArraySlice part : parts) {
            bytes += part.bytes();
        }
        long size = bytes + 7 & -8L;
        wanted += size;
        Copy copy;
        if (size <= scratch.memory().size() - used) {
            copy = new Copy(scratch.memory(), used, parts);
            used += (int) size;
        } else {
            copy = new Copy(allocate(Math.toIntExact(bytes)), 0, parts);
        }
        add(copy.memory().address() + copy.at());
        return copy;
    }

    private Memory allocate(int size) {
        Memory memory = new Memory(NativeMethods.allocate(size));
        own.add(memory);
        return memory;
    }

    @Override
    protected int invoke() {
        return NativeMethods.call(function.ordinal(), scratch.memory().address());
    }

    @Override
    protected void finish() {
        written.forEach(Copy::bringBack);
    }

    @Override
    protected byte[] error() {
        error.bringBack();
        return (byte[]) error.parts()[0].array();
    }

    @Override
    public void close() {
        for (Memory memory : own) {
            NativeMethods.release(memory.address());
        }
        scratch.giveBack(wanted);
    }
}
