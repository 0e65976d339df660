// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core;

import java.util.Arrays;

/**
 * The slots of a {@link SlotHeap} that are still likely to grow, cut one behind the other from chunks that hold nothing
 * else. Every growth leaves a hole; {@link #compact} moves the slots together and gives back the chunks behind them.
 *
 * <p>A hole begins with the negative number of its words, so that chunks can be walked when the beginnings of the slots
 * that live are known as well.
 */
final class SmallSlots {
    private static final int FEWEST_WORDS = 1 << 5;
    /** 128 KB. */
    private static final int MANY_WORDS = 1 << 14;
    /** Holes of less are left alone: 4 KB. */
    private static final int FEW_WORDS = 1 << 9;
    /** One part in so many may be holes. */
    private static final int HOLES = 5;
    /** A mark is a group (31 bits) and the words of its slot. */
    private static final int SIZE_BITS = 22;

    private final SlotHeap heap;
    /** The chunks in the order in which they were filled; all but the last are full. */
    private int[] chunks = {};
    private int count;
    /** The first word of the last chunk that was not given away yet. */
    private int at;
    private long words;
    private long holes;

    SmallSlots(SlotHeap heap) {
        this.heap = heap;
    }

    /** The same for a copy of the heap. */
    SmallSlots copyFor(SlotHeap copied) {
        SmallSlots copy = new SmallSlots(copied);
        copy.chunks = chunks.clone();
        copy.count = count;
        copy.at = at;
        copy.words = words;
        copy.holes = holes;
        return copy;
    }

    long allocate(int size) {
        if (count == 0 || size > last().length - at) {
            if (count > 0) {
                close(count - 1, at);
            }
            open(heap.addChunk(Math.max(size, chunkWords())));
        }
        long slot = SlotHeap.slot(chunks[count - 1], at, size);
        at += size;
        return slot;
    }

    /** An eighth of what there is; a sixteenth where that is much. */
    private int chunkWords() {
        long target = Math.max(Math.min(words / 8, MANY_WORDS), words / 16);
        return (int) Math.max(FEWEST_WORDS, Math.min(SlotHeap.OWN_CHUNK_WORDS, target));
    }

    void free(long slot) {
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

    /** Leaves what a chunk has from a word on as a hole. */
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
     * Moves the slots together, towards the first chunk, and corrects their names.
     *
     * @param slots of each group its slot; all slots that live are among them
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
                // Never past the slot itself, which fits where it is: what is closed has been read.
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

    /** Puts the mark of each slot in place of its first word, which waits in place of the slot's name. */
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

    /** Gives back all chunks behind one, which ends at a word. */
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
