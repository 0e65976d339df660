// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

/** Upper bounds of heap sizes (compressed references are assumed for array headers only). */
public final class Sizes {
    /** The header of an array. */
    public static final int ARRAY = 16;

    private static final int REFERENCE = 8;

    private Sizes() {}

    /** The size of an array with its header; 0 for null. */
    public static long of(byte[] array) {
        return array == null ? 0 : ARRAY + (long) array.length;
    }

    /** The size of an array with its header; 0 for null. */
    public static long of(int[] array) {
        return array == null ? 0 : ARRAY + (long) array.length * Integer.BYTES;
    }

    /** The size of an array with its header; 0 for null. */
    public static long of(long[] array) {
        return array == null ? 0 : ARRAY + (long) array.length * Long.BYTES;
    }

    /** The size of a byte[] or long[] with its header; 0 for null. */
    static long ofEither(Object array) {
        return array instanceof long[] longs ? of(longs) : of((byte[]) array);
    }

    /** The size of an array of {@code length} references, without the objects referred to. */
    public static long ofReferences(int length) {
        return ARRAY + (long) length * REFERENCE;
    }
}
