// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.jni;

import io.github.headcounthll.clib.ArraySlice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/** Memory outside the heap, as bytes, ints, longs and doubles. Every access is checked against its size. */
final class Memory {
    private final ByteBuffer bytes;
    private final IntBuffer ints;
    private final LongBuffer longs;
    private final DoubleBuffer doubles;
    private final long address;

    Memory(ByteBuffer direct) {
        bytes = direct.order(ByteOrder.nativeOrder());
        ints = bytes.asIntBuffer();
        longs = bytes.asLongBuffer();
        doubles = bytes.asDoubleBuffer();
        address = NativeMethods.address(direct);
    }

    int size() {
        return bytes.capacity();
    }

    long address() {
        return address;
    }

    void putLong(int at, long value) {
        bytes.putLong(at, value);
    }

    /** Copies a slice to offset {@code at}, a multiple of its element width. */
    void put(int at, ArraySlice slice) {
        Object array = slice.array();
        int index = index(at, slice.width());
        if (array instanceof byte[] from) {
            bytes.put(index, from, slice.from(), slice.count());
        } else if (array instanceof int[] from) {
            ints.put(index, from, slice.from(), slice.count());
        } else if (array instanceof long[] from) {
            longs.put(index, from, slice.from(), slice.count());
        } else {
            doubles.put(index, (double[]) array, slice.from(), slice.count());
        }
    }

    /** Copies the bytes at offset {@code at} back into a slice. */
    void get(int at, ArraySlice slice) {
        Object array = slice.array();
        int index = index(at, slice.width());
        if (array instanceof byte[] to) {
            bytes.get(index, to, slice.from(), slice.count());
        } else if (array instanceof int[] to) {
            ints.get(index, to, slice.from(), slice.count());
        } else if (array instanceof long[] to) {
            longs.get(index, to, slice.from(), slice.count());
        } else {
            doubles.get(index, (double[]) array, slice.from(), slice.count());
        }
    }

    private static int index(int at, int width) {
        if (at % width != 0) {
            throw new IllegalArgumentException("elements of " + width + " bytes at " + at);
        }
        return at / width;
    }
}
