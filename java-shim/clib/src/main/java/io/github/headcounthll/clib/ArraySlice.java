// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import java.util.Objects;

/** A slice of a primitive array that a call reads or writes. Construction fails if it exceeds the array. */
public final class ArraySlice {
    private final Object array;
    private final int from;
    private final int count;
    private final int width;

    private ArraySlice(Object array, int length, int from, int count, int width) {
        Objects.checkFromIndexSize(from, count, length);
        this.array = array;
        this.from = from;
        this.count = count;
        this.width = width;
    }

    /** All of an array. */
    public static ArraySlice of(byte[] array) {
        return of(array, 0, array.length);
    }

    /** {@code count} bytes from {@code from} on. */
    public static ArraySlice of(byte[] array, int from, int count) {
        return new ArraySlice(array, array.length, from, count, Byte.BYTES);
    }

    /** All of an array. */
    public static ArraySlice of(int[] array) {
        return of(array, 0, array.length);
    }

    /** {@code count} elements from {@code from} on. */
    public static ArraySlice of(int[] array, int from, int count) {
        return new ArraySlice(array, array.length, from, count, Integer.BYTES);
    }

    /** All of an array. */
    public static ArraySlice of(long[] array) {
        return of(array, 0, array.length);
    }

    /** {@code count} elements from {@code from} on. */
    public static ArraySlice of(long[] array, int from, int count) {
        return new ArraySlice(array, array.length, from, count, Long.BYTES);
    }

    /** All of an array. */
    public static ArraySlice of(double[] array) {
        return new ArraySlice(array, array.length, 0, array.length, Double.BYTES);
    }

    /** {@code count} elements from {@code from} on. */
    public static ArraySlice of(double[] array, int from, int count) {
        return new ArraySlice(array, array.length, from, count, Double.BYTES);
    }

    /** The {@code count} elements of this slice from index {@code from}. */
    public ArraySlice part(int from, int count) {
        Objects.checkFromIndexSize(from, count, this.count);
        return new ArraySlice(array, this.from + this.count, this.from + from, count, width);
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
