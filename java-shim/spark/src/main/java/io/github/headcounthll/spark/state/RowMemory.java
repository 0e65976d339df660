// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.state;

import io.github.headcounthll.spark.library.Library;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.apache.spark.unsafe.Platform;

/**
 * Memory outside the heap for the bytes of waiting rows, which the library reads in place. A {@link RowBatch} holds one
 * from its first waiting row to its flush, and the thread keeps it for the next batch. What a killed task does not give
 * back is freed with its buffer, by the JVM.
 */
final class RowMemory {
    /** The most bytes of several rows. */
    static final int SIZE = 448 << 10;

    static final int MOST_BY_WORDS = 64;

    private static final int MOST_SPARE = 4;
    private static final ThreadLocal<ArrayDeque<RowMemory>> SPARE = ThreadLocal.withInitial(ArrayDeque::new);

    /** Keeps the memory reachable; null if {@link #giveBack} frees it. */
    private final ByteBuffer buffer;

    private final long address;

    private RowMemory(ByteBuffer buffer, long address) {
        this.buffer = buffer;
        this.address = address;
    }

    /** Memory for rows, the first of which has {@code bytes} bytes: for that row alone if it has more than SIZE. */
    static RowMemory take(int bytes) {
        if (bytes > SIZE) {
            return new RowMemory(null, Platform.allocateMemory(bytes));
        }
        RowMemory spare = SPARE.get().poll();
        return spare == null ? ofBuffer() : spare;
    }

    private static RowMemory ofBuffer() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
        return new RowMemory(buffer, Library.address(buffer));
    }

    long address() {
        return address;
    }

    /** Copies a row to offset {@code at}; array and offset as in {@link Platform}. */
    void put(int at, Object array, long offset, int length) {
        if (length > MOST_BY_WORDS) {
            Platform.copyMemory(array, offset, null, address + at, length);
        } else {
            putWords(at, array, offset, length);
        }
    }

    /** As {@link #put}, for at most MOST_BY_WORDS bytes: a call of Platform.copyMemory costs more than so few words. */
    void putWords(int at, Object array, long offset, int length) {
        long to = address + at;
        if (length >= Long.BYTES) {
            int last = length - Long.BYTES;
            for (int i = 0; i < last; i += Long.BYTES) {
                Platform.putLong(null, to + i, Platform.getLong(array, offset + i));
            }
            Platform.putLong(null, to + last, Platform.getLong(array, offset + last));
        } else {
            for (int i = 0; i < length; i++) {
                Platform.putByte(null, to + i, Platform.getByte(array, offset + i));
            }
        }
    }

    /** The rows are no longer needed. */
    void giveBack() {
        if (buffer == null) {
            Platform.freeMemory(address);
        } else if (SPARE.get().size() < MOST_SPARE) {
            SPARE.get().push(this);
        }
    }
}
