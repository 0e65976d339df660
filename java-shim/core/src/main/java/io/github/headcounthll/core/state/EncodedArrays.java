// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Arrays of integers as a backend reads them: 8 bytes an element in little-endian order. Arrays are written one after
 * the other into byte arrays that are never written twice, because a {@code GroupedSketches} queues them.
 */
public final class EncodedArrays {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** The size of a byte array with several arrays: large enough for a batch, small enough for a core's cache. */
    private static final int MOST_BYTES = 1 << 18;

    private byte[] bytes = {};
    private int start;
    private int end;
    private int next;

    /** Starts an array; {@link #put} must follow for each element. */
    public void begin(int elements) {
        int length = Math.multiplyExact(elements, Long.BYTES);
        if (length > bytes.length - end) {
            bytes = new byte[Math.max(length, Math.min(MOST_BYTES, 2 * bytes.length))];
            end = 0;
        }
        start = end;
        next = start;
        end += length;
    }

    /** Writes the next element. */
    public void put(long element) {
        WORD.set(bytes, next, element);
        next += Long.BYTES;
    }

    /** The byte array with the last array. */
    public byte[] bytes() {
        return bytes;
    }

    /** The start of the last array. */
    public int start() {
        return start;
    }

    /** The length of the last array in bytes. */
    public int length() {
        return end - start;
    }

    /** The element that starts at a byte of an encoded array. */
    public static long element(byte[] encoded, int at) {
        return (long) WORD.get(encoded, at);
    }
}
