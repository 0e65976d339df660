package io.github.headcounthll.presto;

import io.airlift.slice.Slice;

/**
 * Where the bytes of a slice lie. Not every slice is over a byte array: the empty one is over nothing, and what is not
 * is copied.
 */
record Bytes(byte[] array, int start, int length) {
    static Bytes of(Slice slice) {
        return slice.hasByteArray()
                ? new Bytes(slice.byteArray(), slice.byteArrayOffset(), slice.length())
                : new Bytes(slice.getBytes(), 0, slice.length());
    }
}
