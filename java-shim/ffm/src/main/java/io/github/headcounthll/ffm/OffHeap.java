// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.ffm;

import io.github.headcounthll.clib.ArraySlice;
import io.github.headcounthll.clib.CFunction;
import io.github.headcounthll.clib.Status;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A call that may take long, on copies off the heap, so that it blocks no safepoint. */
final class OffHeap extends ForeignInvocation {
    private static final int ALIGNMENT = Long.BYTES;

    private final Arena arena = Arena.ofConfined();
    private final List<Written> written = new ArrayList<>();
    private MemorySegment error;

    /** The slices to copy back. */
    private record Written(MemorySegment copy, ArraySlice[] heap) {}

    OffHeap(CFunction function, Export export) {
        super(function, export.plainSpread());
    }

    @Override
    protected boolean isInPlace() {
        return false;
    }

    @Override
    protected void addIn(ArraySlice... parts) {
        add(copy(parts));
    }

    @Override
    protected void addOut(ArraySlice slice) {
        addWritten(allocate(slice), slice);
    }

    @Override
    protected void addInOut(ArraySlice... parts) {
        addWritten(copy(parts), parts);
    }

    private void addWritten(MemorySegment memory, ArraySlice... heap) {
        written.add(new Written(memory, heap));
        add(memory);
    }

    private MemorySegment allocate(ArraySlice... parts) {
        return arena.allocate(Arrays.stream(parts).mapToLong(ArraySlice::bytes).sum(), ALIGNMENT);
    }

    private MemorySegment copy(ArraySlice... parts) {
        MemorySegment memory = allocate(parts);
        long at = 0;
        for (ArraySlice part : parts) {
            MemorySegment.copy(segment(part), 0, memory, at, part.bytes());
            at += part.bytes();
        }
        return memory;
    }

    @Override
    protected void addError() {
        error = arena.allocate(Status.ERROR_SIZE, ALIGNMENT);
        add(error);
    }

    @Override
    protected byte[] error() {
        return error.toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    protected void finish() {
        for (Written one : written) {
            long at = 0;
            for (ArraySlice part : one.heap()) {
                MemorySegment.copy(one.copy(), at, segment(part), 0, part.bytes());
                at += part.bytes();
            }
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
