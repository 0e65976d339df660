// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.jni;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.headcounthll.clib.ArraySlice;
import io.github.headcounthll.clib.CFunction;
import io.github.headcounthll.clib.Invocation;
import io.github.headcounthll.clib.LibraryLoader;
import io.github.headcounthll.clib.TestLibrary;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JniInvocationTest {
    @BeforeAll
    static void open() {
        TestLibrary.backend(JniLibrary::openLibrary);
    }

    @Test
    void whatIsCopiedComesBackAsItWent() {
        Memory memory = new Memory(ByteBuffer.allocateDirect(64));
        int[] ints = {1, 2, 3, 4};
        memory.put(8, ArraySlice.of(ints, 1, 2));
        int[] back = {9, 9, 9, 9};
        memory.get(8, ArraySlice.of(back, 2, 2));
        assertArrayEquals(new int[] {9, 9, 2, 3}, back);
        double[] doubles = {0.5, -0.0};
        memory.put(16, ArraySlice.of(doubles));
        double[] same = new double[2];
        memory.get(16, ArraySlice.of(same));
        assertArrayEquals(doubles, same);
    }

    @Test
    void nothingIsCopiedBeyondTheMemory() {
        Memory memory = new Memory(ByteBuffer.allocateDirect(64));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.put(56, ArraySlice.of(new byte[9])));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.get(64, ArraySlice.of(new long[1])));
        assertThrows(IllegalArgumentException.class, () -> memory.put(4, ArraySlice.of(new long[1])));
    }

    @Test
    void rowsOutsideTheHeapAreReadInPlace() {
        byte[] sketches = {9, 3, 12, 1, 0, 5, 3, 14};
        ByteBuffer outside = ByteBuffer.allocateDirect(sketches.length).put(sketches);
        long[] precisions = new long[2];
        try (Invocation call = new JniInvocation(CFunction.PRECISION)) {
            call.in(JniLibrary.address(outside))
                    .number(sketches.length)
                    .in(ArraySlice.of(new int[] {1, 6}))
                    .in(ArraySlice.of(new int[] {5, 2}))
                    .number(2)
                    .out(ArraySlice.of(precisions))
                    .callForOk(0);
        }
        assertArrayEquals(new long[] {12, 14}, precisions);
    }

    @Test
    void nestedCallIsRejectedAndOuterCallSucceeds() {
        try (Invocation first = new JniInvocation(CFunction.DESCRIBE)) {
            assertThrows(IllegalStateException.class, () -> new JniInvocation(CFunction.ABI_VERSION));
            byte[] line = new byte[256];
            first.out(ArraySlice.of(line)).number(line.length).call();
            assertEquals("headcount", new String(line, 0, 9));
        }
        try (Invocation next = new JniInvocation(CFunction.ABI_VERSION)) {
            assertEquals(LibraryLoader.NEWEST_ABI, next.call());
        }
    }

    @Test
    void aCallOfAnotherShapeIsNotMade() {
        for (int missing : new int[] {0, 1}) {
            try (Invocation call = new JniInvocation(CFunction.DESCRIBE)) {
                IntStream.range(0, missing).forEach(i -> call.out(ArraySlice.of(new byte[256])));
                assertThrows(IllegalStateException.class, call::call);
            }
        }
        try (Invocation call = new JniInvocation(CFunction.DESCRIBE)) {
            assertThrows(IllegalStateException.class, () -> call.number(1));
        }
        try (Invocation call = new JniInvocation(CFunction.ABI_VERSION)) {
            assertThrows(IllegalStateException.class, () -> call.number(1));
        }
    }

    @Test
    void aFunctionThatWasNotFoundIsNotCalled() {
        assertThrows(IllegalStateException.class, () -> NativeMethods.call(-1, 0));
        assertThrows(IllegalStateException.class, () -> NativeMethods.call(CFunction.values().length, 0));
    }
}
