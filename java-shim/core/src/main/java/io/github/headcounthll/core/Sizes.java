// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core;

/** What things weigh on the heap, taken on the high side (no compressed references beyond arrays' headers). */
public final class Sizes {
    /** The header of an array. */
    public static final int ARRAY = 16;
    private static final int REFERENCE = 8;

    private Sizes() {}

    /** An array with its header; 0 of null. */
    public static long of(byte[] array) {
        return array == null ? 0 : ARRAY + (long) array.length;
    }

    /** An array with its header; 0 of null. */
    public static long of(int[] array) {
        return array == null ? 0 : ARRAY + (long) array.length * Integer.BYTES;
    }

    /** An array with its header; 0 of null. */
    public static long of(long[] array) {
        return array == null ? 0 : ARRAY + (long) array.length * Long.BYTES;
    }

    /** An array of so many references, without what they refer to. */
    public static long ofReferences(int length) {
        return ARRAY + (long) length * REFERENCE;
    }
}
