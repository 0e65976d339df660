// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

import java.util.Arrays;

/**
 * The slots of a {@link SlotHeap} that may still grow, allocated sequentially from chunks of their own. Each growth
 * leaves a hole; {@link #compact} slides the slots together and releases the chunks that become empty.
 *
 * <p>A hole starts with its negated number of words. Together with the start positions of the live slots, this makes
 * chunks walkable.
 */
final class SmallSlots {
    private static final int FEWEST_WORDS = 1 << 5;
    /** 128 KB. */
    private static final int MANY_WORDS = 1 << 14;
    /** Holes below this size are not reclaimed: 4 KB. */
    private static final int FEW_WORDS = 1 << 9;
    /** Compaction starts when holes exceed one part in this number. */
    private static final int HOLES = 5;
    /** A mark is a group (31 bits) and the number of words of its slot. */
    private static final int SIZE_BITS = 22;

    private final SlotHeap heap;
    /** The chunks in the order in which they were filled; all but the last are full. */
    private int[] chunks = {};

    private int count;
    /** The first free word of the last chunk. */
    private int at;

    private long words;
    private long holes;
    /** The number of slots in use. */
    private int used;

    SmallSlots(SlotHeap heap) {
        this.heap = heap;
    }

    /** The same slots for a copy of the heap. */
    SmallSlots(SmallSlots other, SlotHeap copy) {
        heap = copy;
        chunks = other.chunks.clone();
        count = other.count;
        at = other.at;
        words = other.words;
        holes = other.holes;
        used = other.used;
    }

    long allocate(int size) {
        if (count == 0 || size > last().length - at) {
            if (count > 0) {
                close(count - 1, at);
            }
            int wanted = Math.max(chunkWords(), heap.expectedWords(size, used));
            open(heap.addChunk(Math.max(size, wanted)));
        }
        long slot = SlotHeap.slot(chunks[count - 1], at, size);
        at += size;
        used++;
        return slot;
    }

    /** An eighth of the current size; a sixteenth once that is large. */
    private int chunkWords() {
        long target = Math.max(Math.min(words / 8, MANY_WORDS), words / 16);
        return (int) Math.max(FEWEST_WORDS, Math.min(SlotHeap.OWN_CHUNK_WORDS, target));
    }

    void free(long slot) {
        used--;
        dig(heap.chunk(SlotHeap.chunkOf(slot)), SlotHeap.wordOf(slot), SlotHeap.wordsOf(slot));
    }

    private long[] last() {
        return heap.chunk(chunks[count - 1]);
    }

    private void open(int chunk) {
        if (count == chunks.length) {
            chunks = Arrays.copyOf(chunks, Math.max(2, count * 2));
        }
        chunks[count++] = chunk;
        words += last().length;
        at = 0;
    }

    /** Turns the rest of a chunk, starting at a word, into a hole. */
    private void close(int index, int from) {
        long[] chunk = heap.chunk(chunks[index]);
        if (from < chunk.length) {
            dig(chunk, from, chunk.length - from);
        }
    }

    private void dig(long[] chunk, int word, int size) {
        chunk[word] = -size;
        holes += size;
    }

    boolean isWasteful() {
        return holes > FEW_WORDS && holes > words / HOLES;
    }

    /**
     * Slides the slots together, towards the first chunk, and updates their identifiers. A sliding mark-compact
     * collection.
     *
     * @param slots the slot of each group; contains all live slots
     */
    void compact(SegmentedLongs slots) {
        mark(slots);
        holes = 0;
        int to = 0;
        int toWord = 0;
        for (int i = 0; i < count; i++) {
            long[] from = heap.chunk(chunks[i]);
            int end = i == count - 1 ? at : from.length;
            int size;
            for (int word = 0; word < end; word += size) {
                long mark = from[word];
                if (mark < 0) {
                    size = (int) -mark;
                    continue;
                }
                int group = (int) (mark >>> SIZE_BITS);
                size = (int) mark & (1 << SIZE_BITS) - 1;
                from[word] = slots.get(group);
                // The destination never passes the slot itself, which fits where it is. Words closed here have been
                // read.
                for (; size > heap.chunk(chunks[to]).length - toWord; toWord = 0) {
                    close(to++, toWord);
                }
                System.arraycopy(from, word, heap.chunk(chunks[to]), toWord, size);
                slots.set(group, SlotHeap.slot(chunks[to], toWord, size));
                toWord += size;
            }
        }
        cut(to, toWord);
    }

    /**
     * Marks every live slot: its first word moves to the index, and its (group, size) takes that word's place, so that
     * the sweep can find the owner.
     */
    private void mark(SegmentedLongs slots) {
        for (int group = 0; group < slots.capacity(); group++) {
            long slot = slots.get(group);
            if (slot != SlotHeap.NONE && SlotHeap.isSmall(SlotHeap.wordsOf(slot))) {
                long[] chunk = heap.chunk(SlotHeap.chunkOf(slot));
                int word = SlotHeap.wordOf(slot);
                slots.set(group, chunk[word]);
                chunk[word] = (long) group << SIZE_BITS | SlotHeap.wordsOf(slot);
            }
        }
    }

    /** Releases all chunks after {@code last}, which now ends at {@code word}. */
    private void cut(int last, int word) {
        while (count > last + 1) {
            words -= last().length;
            heap.dropChunk(chunks[--count]);
        }
        at = word;
        Arrays.fill(last(), word, last().length, 0);
    }

    long retainedBytes() {
        return Sizes.of(chunks);
    }
}
