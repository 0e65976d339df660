// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.jni;

import java.nio.ByteBuffer;

/** Memory that a thread keeps for the copies of its calls, one call at a time. */
final class Scratch {
    private static final int SMALLEST = 1 << 14;
    /** A thread keeps no more; it holds the copies of a batch. */
    private static final int LARGEST = 1 << 19;

    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(() -> new Scratch(SMALLEST));

    private final Memory memory;
    private boolean taken;

    private Scratch(int size) {
        memory = new Memory(ByteBuffer.allocateDirect(size));
    }

    /** This thread's, for a call that ends with {@link #giveBack}. */
    static Scratch take() {
        Scratch scratch = OF_THREAD.get();
        if (scratch.taken) {
            throw new IllegalStateException("a call begins within another");
        }
        scratch.taken = true;
        return scratch;
    }

    Memory memory() {
        return memory;
    }

    /** The call is over; {@code wanted} is how much memory would have served it. */
    void giveBack(long wanted) {
        taken = false;
        if (wanted > memory.size() && wanted <= LARGEST) {
            try {
                OF_THREAD.set(new Scratch(Integer.highestOneBit((int) wanted - 1) << 1));
            } catch (OutOfMemoryError e) {
                // The JVM's limit of direct memory. The next such call gets memory of its own again.
            }
        }
    }
}
