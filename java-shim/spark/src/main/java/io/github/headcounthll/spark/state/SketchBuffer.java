// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.state;

import java.io.Serializable;

/**
 * The state of one group. It is in one of three forms: empty, an encoded sketch that was received from another task, or
 * a slot of the library. Rows may be queued in a {@link RowBatch}; every read processes them first.
 *
 * <p>Its serialized form is the encoded sketch as {@link PackedBytes} in a byte[], a class of the JDK: Spark reads states of catalog functions
 * with a class loader that does not know this one.
 */
public final class SketchBuffer implements Serializable {
    private static final byte[] NOTHING = {};

    transient long[] slot = {};
    /** A valid sketch that no other was united with; null in any other form. */
    transient byte[] received;
    /** The batch with rows of this group, and this group's index in it. */
    transient RowBatch batch;

    transient int index;
    /** What counts this state's bytes; null if nothing does. */
    private transient TaskMemory memory;

    private transient int counted;

    /** The state of a group without rows. */
    public SketchBuffer() {}

    /** A state from its serialized form. */
    public static SketchBuffer of(byte[] serialized) {
        SketchBuffer buffer = new SketchBuffer();
        buffer.received = serialized.length == 0 ? null : PackedBytes.unpack(serialized);
        return buffer;
    }

    /** The group's sketch; null if no row was added. */
    public byte[] sketch() {
        if (batch != null) {
            batch.flush();
        }
        // A state that was read is rarely used again: Spark writes it down and forgets it.
        count(memory, 0);
        if (received != null) {
            return received;
        }
        return slot.length == 0 ? null : SlotCalls.encode(slot);
    }

    /** The serialized form: no bytes if no row was added. */
    public byte[] serialized() {
        byte[] sketch = sketch();
        return sketch == null ? NOTHING : PackedBytes.pack(sketch);
    }

    /** Counts the memory of a state of this size. */
    void count(TaskMemory in, int bytes) {
        if (in != null) {
            in.count((long) bytes - counted);
        }
        memory = in;
        counted = bytes;
    }

    private Object writeReplace() {
        return serialized();
    }

    boolean isEmpty() {
        return batch == null && received == null && slot.length == 0;
    }
}
