// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

import io.github.headcounthll.core.api.ErrorCode;
import io.github.headcounthll.core.api.HeadcountException;
import java.util.Arrays;

/**
 * A heap of slots whose sizes are multiples of 8 bytes, in chunks of long[]. Chunks grow with the total size, from a
 * few hundred bytes to 16 MB, so that a single small slot is cheap and many slots need few calls. Growth never copies
 * existing chunks.
 *
 * <p>There are three kinds of slots. Slots below {@link #SETTLED_WORDS} grow often: they are allocated sequentially
 * from chunks of their own, and {@link #compact} reclaims freed space between them. From that size on, freed slots are
 * kept in one free list per size, linked through the slots themselves. A slot above {@link #OWN_CHUNK_WORDS} has its
 * own chunk, which is dropped when the slot is freed.
 *
 * <p>A slot is identified by a long: chunk (21 bits), first word (21 bits), words (22 bits). 0 is no slot.
 */
final class SlotHeap {
    static final long NONE = 0;
    /** 32 MB less one word, in words of 8 bytes. */
    static final int LARGEST_SLOT_WORDS = (1 << 22) - 1;
    /** 2 KB. */
    static final int SETTLED_WORDS = 1 << 8;
    /** 1 MB. */
    static final int OWN_CHUNK_WORDS = 1 << 17;
    /** 4 MB: the most that is allocated at once for slots to come, if they are as large as the others. */
    static final int EXPECTED_CHUNK_WORDS = 1 << 19;
    /** 16 MB with the array's header, so that a chunk fills whole regions of the garbage collector. */
    static final int LARGEST_CHUNK_WORDS = (1 << 21) - 2;

    private static final int SMALLEST_CHUNK_WORDS = 32;
    /** The chunk growth rate decreases at 1 MB of slots. */
    private static final int MANY_WORDS = 1 << 17;

    private static final int MOST_CHUNKS = 1 << 21;

    private long[][] chunks = {};
    private int chunkCount;
    /** Indexes of dropped chunks, for reuse. */
    private int[] dropped = {};

    private int droppedCount;
    /** The chunk from which settled slots are allocated, and its first free word. */
    private int open = -1;

    private int openAt;
    private final SmallSlots small;
    private long words;
    /** The sizes of settled slots in words; for each size the head of its free list. */
    private int[] sizes = {};

    private long[] freed = {};
    private int sizeCount;
    /** The number of settled slots in use. */
    private int settled;

    private int expected = Integer.MAX_VALUE;
    private final boolean uniform;

    /**
     * @param uniform whether all slots are expected to have about one size. Those to come then get one chunk, so that rows in
     *     the order of arrival are in one chunk too
     */
    SlotHeap(boolean uniform) {
        this.uniform = uniform;
        small = new SmallSlots(this);
    }

    /** A copy with the same slot identifiers in new arrays. */
    SlotHeap(SlotHeap other) {
        uniform = other.uniform;
        chunks = new long[other.chunkCount][];
        for (int i = 0; i < other.chunkCount; i++) {
            chunks[i] = other.chunks[i] == null ? null : other.chunks[i].clone();
        }
        chunkCount = other.chunkCount;
        dropped = other.dropped.clone();
        droppedCount = other.droppedCount;
        open = other.open;
        openAt = other.openAt;
        small = new SmallSlots(other.small, this);
        words = other.words;
        sizes = other.sizes.clone();
        freed = other.freed.clone();
        sizeCount = other.sizeCount;
        settled = other.settled;
        expected = other.expected;
    }

    static long slot(int chunk, int word, int words) {
        return (long) chunk << 43 | (long) word << 22 | words;
    }

    static int chunkOf(long slot) {
        return (int) (slot >>> 43);
    }

    static int wordOf(long slot) {
        return (int) (slot >>> 22) & ((1 << 21) - 1);
    }

    static int wordsOf(long slot) {
        return (int) slot & LARGEST_SLOT_WORDS;
    }

    /** The offset in the chunk in bytes. */
    static int startOf(long slot) {
        return wordOf(slot) * Long.BYTES;
    }

    /** The capacity in bytes. */
    static int capacityOf(long slot) {
        return wordsOf(slot) * Long.BYTES;
    }

    long[] chunk(int chunk) {
        return chunks[chunk];
    }

    /** The exclusive upper bound of chunk indexes. */
    int chunkCount() {
        return chunkCount;
    }

    /** The heap bytes held, including partly used chunks. */
    long retainedBytes() {
        return words * Long.BYTES
                + (long) chunkCount * Sizes.ARRAY
                + Sizes.ofReferences(chunks.length)
                + Sizes.of(dropped)
                + Sizes.of(sizes)
                + Sizes.of(freed)
                + small.retainedBytes();
    }

    static boolean isSmall(int words) {
        return words < SETTLED_WORDS;
    }

    /**
     * Reclaims the space of freed small slots, if there is enough of it.
     *
     * @param slots the slot of each group or NONE. It must contain all slots in use; their identifiers are updated
     */
    void compact(SegmentedLongs slots) {
        if (small.isWasteful()) {
            small.compact(slots);
        }
    }

    /** Sets the expected number of concurrent slots, if known: no chunk is larger than they need. */
    void expect(int slots) {
        expected = slots;
    }

    /** The words to allocate for slots of one size, of which there are {@code used}; 0 if that is not known. */
    int expectedWords(int size, int used) {
        if (!uniform || expected == Integer.MAX_VALUE) {
            return 0;
        }
        return (int) Math.min(EXPECTED_CHUNK_WORDS, Math.max(1, expected - (long) used) * size);
    }

    /** Allocates a slot of at least {@code bytes} bytes, all zero. */
    long allocate(long bytes) {
        if (bytes <= 0 || bytes > (long) LARGEST_SLOT_WORDS * Long.BYTES) {
            throw HeadcountException.internal("headcount: a state of " + bytes + " bytes was asked for");
        }
        int size = (int) ((bytes + 7) >>> 3);
        if (size > OWN_CHUNK_WORDS) {
            return slot(addChunk(size), 0, size);
        }
        if (isSmall(size)) {
            return small.allocate(size);
        }
        int list = listOf(size);
        settled++;
        if (freed[list] != NONE) {
            return takeFreed(list);
        }
        if (open < 0 || size > chunks[open].length - openAt) {
            open = addChunk(nextChunkWords(size, Math.max(1, expected - settled + 1L)));
            openAt = 0;
        }
        long slot = slot(open, openAt, size);
        openAt += size;
        return slot;
    }

    /**
     * Allocates a slot of at least {@code bytes} bytes that starts with the contents of {@code slot}, and frees {@code
     * slot}.
     */
    long grow(long slot, long bytes) {
        long larger = allocate(bytes);
        if (slot != NONE) {
            System.arraycopy(
                    chunks[chunkOf(slot)], wordOf(slot), chunks[chunkOf(larger)], wordOf(larger), wordsOf(slot));
            free(slot);
        }
        return larger;
    }

    void free(long slot) {
        int size = wordsOf(slot);
        if (size > OWN_CHUNK_WORDS) {
            dropChunk(chunkOf(slot));
            return;
        }
        if (isSmall(size)) {
            small.free(slot);
            return;
        }
        int list = listOf(size);
        settled--;
        chunks[chunkOf(slot)][wordOf(slot)] = freed[list];
        freed[list] = slot;
    }

    private long takeFreed(int list) {
        long slot = freed[list];
        long[] chunk = chunks[chunkOf(slot)];
        freed[list] = chunk[wordOf(slot)];
        Arrays.fill(chunk, wordOf(slot), wordOf(slot) + wordsOf(slot), 0);
        return slot;
    }

    /** The library chooses the steps by which slots grow, so there are few sizes. */
    private int listOf(int size) {
        for (int i = 0; i < sizeCount; i++) {
            if (sizes[i] == size) {
                return i;
            }
        }
        if (sizeCount == sizes.length) {
            sizes = Arrays.copyOf(sizes, sizeCount + 4);
            freed = Arrays.copyOf(freed, sizeCount + 4);
        }
        sizes[sizeCount] = size;
        return sizeCount++;
    }

    /**
     * At most what the slots still expected need. A multiple of the requested size, so that equal slots leave no gap.
     */
    private int nextChunkWords(int slotWords, long slotsToCome) {
        int chunk = (int) Math.min(chunkWords(words), slotsToCome * slotWords);
        chunk = Math.max(chunk, expectedWords(slotWords, settled - 1));
        return Math.max(slotWords, chunk - chunk % slotWords);
    }

    /** A quarter of the current size; a thirty-second once that is large. */
    private static int chunkWords(long words) {
        long target = words < MANY_WORDS ? words / 4 : Math.max(MANY_WORDS / 4, words / 32);
        return (int) Math.max(SMALLEST_CHUNK_WORDS, Math.min(LARGEST_CHUNK_WORDS, target));
    }

    int addChunk(int size) {
        int chunk;
        if (droppedCount > 0) {
            chunk = dropped[--droppedCount];
        } else {
            if (chunkCount == MOST_CHUNKS) {
                throw new HeadcountException(
                        ErrorCode.TOO_LARGE, -1, "headcount: the state of the aggregation is too large");
            }
            if (chunkCount == chunks.length) {
                chunks = Arrays.copyOf(chunks, Math.max(1, chunkCount * 2));
            }
            chunk = chunkCount++;
        }
        chunks[chunk] = new long[size];
        words += size;
        return chunk;
    }

    void dropChunk(int chunk) {
        words -= chunks[chunk].length;
        chunks[chunk] = null;
        if (droppedCount == dropped.length) {
            dropped = Arrays.copyOf(dropped, droppedCount + 4);
        }
        dropped[droppedCount++] = chunk;
    }
}
