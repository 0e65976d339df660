package io.github.headcounthll.core;

/** What things weigh on the heap, taken on the high side (no compressed references beyond arrays' headers). */
final class Sizes {
    /** The header of an array. */
    static final int ARRAY = 16;
    private static final int REFERENCE = 8;

    private Sizes() {}

    static long of(byte[] array) {
        return array == null ? 0 : ARRAY + (long) array.length;
    }

    static long of(int[] array) {
        return array == null ? 0 : ARRAY + (long) array.length * Integer.BYTES;
    }

    static long of(long[] array) {
        return array == null ? 0 : ARRAY + (long) array.length * Long.BYTES;
    }

    static long ofReferences(int length) {
        return ARRAY + (long) length * REFERENCE;
    }
}
