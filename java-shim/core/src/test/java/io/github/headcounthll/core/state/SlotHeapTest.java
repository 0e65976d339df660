// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.headcounthll.core.api.ErrorCode;
import io.github.headcounthll.core.api.HeadcountException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotHeapTest {
    @Test
    void aSlotIsNamedByOneLongUpToItsLimits() {
        int chunk = (1 << 21) - 1;
        int word = SlotHeap.LARGEST_CHUNK_WORDS - 1;
        long slot = SlotHeap.slot(chunk, word, SlotHeap.LARGEST_SLOT_WORDS);
        assertEquals(chunk, SlotHeap.chunkOf(slot));
        assertEquals(word, SlotHeap.wordOf(slot));
        assertEquals(SlotHeap.LARGEST_SLOT_WORDS, SlotHeap.wordsOf(slot));
        assertEquals(word * 8, SlotHeap.startOf(slot));
        assertEquals((32 << 20) - 8, SlotHeap.capacityOf(slot));
        assertNotEquals(SlotHeap.NONE, SlotHeap.slot(0, 0, 1));
        assertTrue(2L * SlotHeap.LARGEST_CHUNK_WORDS * Long.BYTES < Integer.MAX_VALUE, "a start is an int");
    }

    @Test
    void slotsAreZeroAtFirstAndNeverOverlap() {
        SplittableRandom random = new SplittableRandom(1);
        SlotHeap heap = new SlotHeap(false);
        Map<Long, Long> live = new HashMap<>();
        for (long i = 1; i <= 200_000; i++) {
            if (live.size() > 1000 || random.nextInt(3) == 0 && !live.isEmpty()) {
                long slot = live.keySet().iterator().next();
                checkFilled(heap, slot, live.remove(slot));
                heap.free(slot);
                continue;
            }
            long slot = heap.allocate(1 + random.nextInt(8 << random.nextInt(10)));
            fill(heap, slot, i);
            assertEquals(null, live.put(slot, i));
        }
        live.forEach((slot, value) -> checkFilled(heap, slot, value));
    }

    private static void fill(SlotHeap heap, long slot, long value) {
        long[] chunk = heap.chunk(SlotHeap.chunkOf(slot));
        for (int i = SlotHeap.wordOf(slot); i < SlotHeap.wordOf(slot) + SlotHeap.wordsOf(slot); i++) {
            assertEquals(0, chunk[i]);
            chunk[i] = value;
        }
    }

    private static void checkFilled(SlotHeap heap, long slot, long value) {
        long[] chunk = heap.chunk(SlotHeap.chunkOf(slot));
        for (int i = SlotHeap.wordOf(slot); i < SlotHeap.wordOf(slot) + SlotHeap.wordsOf(slot); i++) {
            assertEquals(value, chunk[i]);
        }
    }

    @Test
    void aGrownSlotKeepsItsContentsAndLeavesItsPlaceToOthers() {
        SlotHeap heap = new SlotHeap(false);
        long small = heap.allocate(2056);
        heap.chunk(SlotHeap.chunkOf(small))[SlotHeap.wordOf(small) + 2] = 7;
        long large = heap.grow(small, 4112);
        assertEquals(4112, SlotHeap.capacityOf(large));
        assertEquals(7, heap.chunk(SlotHeap.chunkOf(large))[SlotHeap.wordOf(large) + 2]);
        assertEquals(small, heap.allocate(2049), "the same size again");
        fill(heap, small, 1);
    }

    @Test
    void compactionKeepsContentsAndLeavesFewHoles() {
        for (int seed = 0; seed < 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SlotHeap heap = new SlotHeap(false);
            SegmentedLongs slots = new SegmentedLongs();
            slots.ensureCapacity(3000);
            long[] values = new long[3000];
            for (int i = 1; i <= 40_000; i++) {
                int group = random.nextInt(1 + random.nextInt(values.length));
                long slot = slots.get(group);
                if (slot != SlotHeap.NONE) {
                    checkFilled(heap, slot, values[group]);
                    heap.free(slot);
                }
                slots.set(group, heap.allocate(1 + random.nextInt(1 << 4 + random.nextInt(8))));
                values[group] = random.nextBoolean() ? -i : i;
                fill(heap, slots.get(group), values[group]);
                if (i % 100 == 0) {
                    heap.compact(slots);
                }
            }
            long held = 0;
            for (int group = 0; group < values.length; group++) {
                if (slots.get(group) != SlotHeap.NONE) {
                    checkFilled(heap, slots.get(group), values[group]);
                    held += SlotHeap.capacityOf(slots.get(group));
                }
            }
            assertTrue(heap.retainedBytes() < held * 1.7 + 20_000, heap.retainedBytes() + " for slots of " + held);
        }
    }

    @Test
    void compactionGivesChunksBack() {
        SlotHeap heap = new SlotHeap(false);
        SegmentedLongs slots = new SegmentedLongs();
        slots.ensureCapacity(10_000);
        for (int group = 0; group < 10_000; group++) {
            slots.set(group, heap.allocate(100));
        }
        for (int group = 1; group < 10_000; group++) {
            heap.free(slots.get(group));
            slots.set(group, SlotHeap.NONE);
        }
        heap.compact(slots);
        assertTrue(heap.retainedBytes() < 5_000, heap.retainedBytes() + " bytes for one slot");
        fill(heap, heap.allocate(1_000), 1);
    }

    @Test
    void retainedBytesAreTheChunks() {
        SlotHeap heap = new SlotHeap(false);
        long slots = 0;
        for (int i = 0; i < 5000; i++) {
            slots += SlotHeap.capacityOf(heap.allocate(4112));
        }
        assertTrue(heap.retainedBytes() >= slots);
        assertTrue(heap.retainedBytes() < slots * 1.3, heap.retainedBytes() + " for slots of " + slots);
    }

    @Test
    void aChunkOfASlotOfItsOwnIsGivenBack() {
        SlotHeap heap = new SlotHeap(false);
        heap.allocate(16);
        long before = heap.retainedBytes();
        for (int i = 0; i < 100; i++) {
            heap.free(heap.grow(heap.allocate(4 << 20), 16 << 20));
        }
        assertTrue(heap.retainedBytes() < before + 1000);
        assertTrue(heap.chunkCount() < 5, "numbers of chunks are used again");
    }

    @Test
    void chunksGrowWithTheTotal() {
        SlotHeap heap = new SlotHeap(false);
        long slot = SlotHeap.NONE;
        for (int i = 0; i < 10; i++) {
            slot = heap.allocate(256);
        }
        assertTrue(heap.retainedBytes() < 6000);
        while (heap.retainedBytes() < 300L << 20) {
            slot = heap.allocate(1 << 20);
        }
        assertEquals(9 << 17, heap.chunk(SlotHeap.chunkOf(slot)).length, "a thirty-second");
    }

    @Test
    void anImpossibleSizeIsAnErrorOfTheLibrary() {
        SlotHeap heap = new SlotHeap(false);
        for (long bytes : new long[] {0, -1, 32 << 20, 1L << 40}) {
            HeadcountException thrown = assertThrows(HeadcountException.class, () -> heap.allocate(bytes));
            assertEquals(ErrorCode.INTERNAL, thrown.code());
        }
    }

    /** Sums of 102 elements, and of 400, in groups that are known in two steps. */
    @ParameterizedTest
    @ValueSource(ints = {824, 3208})
    void expectedSlotsOfOneSizeAreInOneChunk(int bytes) {
        SlotHeap heap = new SlotHeap(true);
        Set<Integer> chunks = new HashSet<>();
        for (int expected : new int[] {1_000, 1_100}) {
            heap.expect(expected);
            for (int slot = expected == 1_000 ? 0 : 1_000; slot < expected; slot++) {
                chunks.add(SlotHeap.chunkOf(heap.allocate(bytes)));
            }
        }
        assertEquals(2, chunks.size());
        assertTrue(heap.retainedBytes() < 1_400L * bytes, () -> heap.retainedBytes() + " bytes");
    }
}
