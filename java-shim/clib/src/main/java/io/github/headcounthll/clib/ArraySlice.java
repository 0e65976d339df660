// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import java.lang.reflect.Array;
import java.util.Objects;

/** A slice of a primitive array that a call reads or writes. Construction fails if it exceeds the array. */
public final class ArraySlice {
    private final Object array;
    private final int from;
    private final int count;
    private final int width;

    private ArraySlice(Object array, int from, int count, int width) {
        this.array = array;
        this.from = from;
        this.count = count;
        this.width = width;
    }

    /** All of a byte[], int[], long[] or double[]. */
    public static ArraySlice of(Object array) {
        return of(array, 0, Array.getLength(array));
    }

    /** {@code count} elements from {@code from} on of a byte[], int[], long[] or double[]. */
    public static ArraySlice of(Object array, int from, int count) {
        Objects.checkFromIndexSize(from, count, Array.getLength(array));
        return new ArraySlice(array, from, count, width(array));
    }

    private static int width(Object array) {
        if (array instanceof byte[]) {
            return Byte.BYTES;
        }
        if (array instanceof int[]) {
            return Integer.BYTES;
        }
        if (array instanceof long[] || array instanceof double[]) {
            return Long.BYTES;
        }
        throw new IllegalArgumentException("a slice of " + array.getClass().getSimpleName());
    }

    /** The {@code count} elements of this slice from index {@code from}. */
    public ArraySlice part(int from, int count) {
        Objects.checkFromIndexSize(from, count, this.count);
        return new ArraySlice(array, this.from + from, count, width);
    }

    /** A byte[], int[], long[] or double[]. */
    public Object array() {
        return array;
    }

    /** The first element. */
    public int from() {
        return from;
    }

    /** The number of elements. */
    public int count() {
        return count;
    }

    /** The size of an element in bytes. */
    public int width() {
        return width;
    }

    /** The total size in bytes. */
    public long bytes() {
        return (long) count * width;
    }

    /** The offset of the first element in bytes. */
    public long offset() {
        return (long) from * width;
    }
}
