// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

import java.util.Arrays;

/**
 * A growing array of longs, initially zero, in segments. Growth copies the first segment while it is small, and later
 * only the list of segments.
 */
final class SegmentedLongs {
    private static final int SHIFT = 12;
    private static final int SEGMENT = 1 << SHIFT;
    private static final int MASK = SEGMENT - 1;
    private static final int SMALLEST = 4;

    private long[][] segments = {};
    private int used;
    private long capacity;

    SegmentedLongs() {}

    /** A copy in new arrays. */
    SegmentedLongs(SegmentedLongs other) {
        segments = new long[other.used][];
        for (int i = 0; i < other.used; i++) {
            segments[i] = other.segments[i].clone();
        }
        used = other.used;
        capacity = other.capacity;
    }

    /** Makes elements 0 to {@code capacity() - 1} accessible. */
    long capacity() {
        return capacity;
    }

    void ensureCapacity(long wanted) {
        if (wanted <= capacity) {
            return;
        }
        if (wanted <= SEGMENT) {
            growFirst((int) wanted);
            return;
        }
        if (used > 0 && segments[0].length < SEGMENT) {
            growFirst(SEGMENT);
        }
        int count = Math.toIntExact((wanted + MASK) >>> SHIFT);
        if (count > segments.length) {
            segments = Arrays.copyOf(segments, Math.max(count, segments.length + (segments.length >> 1)));
        }
        while (used < count) {
            segments[used++] = new long[SEGMENT];
        }
        capacity = (long) used << SHIFT;
    }

    private void growFirst(int wanted) {
        int length = SMALLEST;
        while (length < wanted) {
            length <<= 1;
        }
        if (used == 0) {
            segments = new long[][] {new long[length]};
            used = 1;
        } else {
            segments[0] = Arrays.copyOf(segments[0], length);
        }
        capacity = length;
    }

    long get(int index) {
        return segments[index >>> SHIFT][index & MASK];
    }

    void set(int index, long value) {
        segments[index >>> SHIFT][index & MASK] = value;
    }

    /** The allocated heap bytes, including array headers. */
    long retainedBytes() {
        return capacity * Long.BYTES + (long) used * Sizes.ARRAY + Sizes.ofReferences(segments.length);
    }
}
