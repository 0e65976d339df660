// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import java.lang.reflect.Array;
import java.util.Objects;

/**
 * A slice of a primitive array that a call reads or writes. Construction fails if it exceeds the array.
 *
 * @param array a byte[], int[], long[] or double[]
 * @param from the first element
 * @param count the number of elements
 */
public record ArraySlice(Object array, int from, int count) {
    public ArraySlice {
        Objects.checkFromIndexSize(from, count, Array.getLength(array));
    }

    /** All of a byte[], int[], long[] or double[]. */
    public static ArraySlice of(Object array) {
        return new ArraySlice(array, 0, Array.getLength(array));
    }

    /** {@code count} elements from {@code from} on of a byte[], int[], long[] or double[]. */
    public static ArraySlice of(Object array, int from, int count) {
        return new ArraySlice(array, from, count);
    }

    /** The {@code count} elements of this slice from index {@code from}. */
    public ArraySlice part(int from, int count) {
        Objects.checkFromIndexSize(from, count, this.count);
        return new ArraySlice(array, this.from + from, count);
    }

    /** The size of an element in bytes. */
    public int width() {
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

    /** The total size in bytes. */
    public long bytes() {
        return (long) count * width();
    }

    /** The offset of the first element in bytes. */
    public long offset() {
        return (long) from * width();
    }
}
