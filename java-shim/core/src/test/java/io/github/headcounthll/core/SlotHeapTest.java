package io.github.headcounthll.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

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
        SlotHeap heap = new SlotHeap();
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
        SlotHeap heap = new SlotHeap();
        long small = heap.allocate(24);
        heap.chunk(SlotHeap.chunkOf(small))[SlotHeap.wordOf(small) + 2] = 7;
        long large = heap.grow(small, 4112);
        assertEquals(4112, SlotHeap.capacityOf(large));
        assertEquals(7, heap.chunk(SlotHeap.chunkOf(large))[SlotHeap.wordOf(large) + 2]);
        assertEquals(small, heap.allocate(17), "the same size again");
        fill(heap, small, 1);
    }

    @Test
    void retainedBytesAreTheChunks() {
        SlotHeap heap = new SlotHeap();
        long slots = 0;
        for (int i = 0; i < 5000; i++) {
            slots += SlotHeap.capacityOf(heap.allocate(4112));
        }
        assertTrue(heap.retainedBytes() >= slots);
        assertTrue(heap.retainedBytes() < slots * 1.3, heap.retainedBytes() + " for slots of " + slots);
    }

    @Test
    void aChunkOfASlotOfItsOwnIsGivenBack() {
        SlotHeap heap = new SlotHeap();
        heap.allocate(16);
        long before = heap.retainedBytes();
        for (int i = 0; i < 100; i++) {
            heap.free(heap.grow(heap.allocate(4 << 20), 16 << 20));
        }
        assertTrue(heap.retainedBytes() < before + 1000);
        assertTrue(heap.chunkCount() < 5, "numbers of chunks are used again");
    }

    @Test
    void chunksGrowToSixteenMegabytes() {
        SlotHeap heap = new SlotHeap();
        long slot = SlotHeap.NONE;
        for (int i = 0; i < 10; i++) {
            slot = heap.allocate(256);
        }
        assertTrue(heap.retainedBytes() < 6000);
        while (heap.retainedBytes() < 150L << 20) {
            slot = heap.allocate(1 << 20);
        }
        assertEquals(SlotHeap.LARGEST_CHUNK_WORDS / (1 << 17) * (1 << 17), heap.chunk(SlotHeap.chunkOf(slot)).length);
    }

    @Test
    void anImpossibleSizeIsAnErrorOfTheLibrary() {
        SlotHeap heap = new SlotHeap();
        for (long bytes : new long[] {0, -1, 32 << 20, 1L << 40}) {
            HeadcountException refused = assertThrows(HeadcountException.class, () -> heap.allocate(bytes));
            assertEquals(ErrorCode.INTERNAL, refused.code());
        }
    }
}
