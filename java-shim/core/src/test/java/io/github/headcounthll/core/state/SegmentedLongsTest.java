// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SegmentedLongsTest {
    @Test
    void keepsEveryElementWhileItGrows() {
        SegmentedLongs longs = new SegmentedLongs();
        for (int i = 0; i < 50_000; i++) {
            longs.ensureCapacity(i + 1);
            assertEquals(0, longs.get(i));
            longs.set(i, ~(long) i);
        }
        SegmentedLongs copy = new SegmentedLongs(longs);
        longs.set(49_999, 1);
        for (int i = 0; i < 50_000; i++) {
            assertEquals(~(long) i, copy.get(i));
        }
    }

    @Test
    void startsSmall() {
        SegmentedLongs longs = new SegmentedLongs();
        assertEquals(0, longs.capacity());
        longs.ensureCapacity(1);
        assertTrue(longs.retainedBytes() < 100);
    }

    @Test
    void manyCostTheirSegmentsAndLittleMore() {
        SegmentedLongs longs = new SegmentedLongs();
        int groups = 24_000_000;
        longs.ensureCapacity(groups);
        longs.set(groups - 1, 5);
        assertEquals(5, longs.get(groups - 1));
        assertTrue(longs.retainedBytes() >= groups * 8L);
        assertTrue(longs.retainedBytes() < groups * 8.2);
    }
}
