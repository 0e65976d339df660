// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

/**
 * The results of consecutive groups, encoded with one call before they are asked for. Engines read groups one after the
 * other; a group that is not read in order is encoded alone. Slots of consecutive groups are in many chunks, so they are copied to
 * one array, which costs less than a call for each chunk.
 */
final class EncodedGroups {
    private static final int MOST_GROUPS = 128;
    /** Of the slots of groups that are encoded together. */
    private static final int MOST_BYTES = 1 << 15;

    /** Encodes slots of one array: a call of {@link States#encode}. */
    interface Encoder {
        boolean encode(Slots slots, int rows, byte[] out, int from, int[] ends, Progress progress);
    }

    private final Progress progress = new Progress();
    private byte[] bytes = {};
    /** The groups that are encoded: from first on, and how many. */
    private int first;

    private int count;
    /** The group that follows the last one read, and how many to encode if it is next. */
    private int following = -1;

    private int window = 1;
    private int[] starts = new int[1];
    private int[] ends = new int[1];
    /** The groups of a call that have a slot, counted from first, and copies of their slots. */
    private int[] members = new int[1];

    private int[] slotStarts = new int[1];
    private int[] slotCapacities = new int[1];
    private int[] memberEnds = new int[1];
    private long[] copies = {};

    byte[] bytes() {
        return bytes;
    }

    int start(int group) {
        return starts[group - first];
    }

    int length(int group) {
        return ends[group - first] - starts[group - first];
    }

    /** The slots have changed. */
    void clear() {
        count = 0;
    }

    /** Encodes a group, and maybe groups that follow it, unless it is encoded. */
    void read(int group, SlotHeap heap, SegmentedLongs slots, Encoder encoder) {
        if (group < first || group - first >= count) {
            window = group == following ? Math.min(2 * window, MOST_GROUPS) : 1;
            int wanted = choose(group, slots);
            count = 0; // until all is done
            encode(wanted, heap, slots, encoder);
            count = wanted;
        }
        following = group + 1;
    }

    /** Chooses the groups from {@code group} on; returns how many. */
    private int choose(int group, SegmentedLongs slots) {
        if (window > starts.length) {
            grow();
        }
        first = group;
        int chosen = 0;
        long size = 0;
        for (int next = group; chosen < window && next < slots.capacity(); next++) {
            size += SlotHeap.capacityOf(slots.get(next));
            if (chosen > 0 && size > MOST_BYTES) {
                break;
            }
            chosen++;
        }
        return chosen;
    }

    private void grow() {
        starts = new int[window];
        ends = new int[window];
        members = new int[window];
        slotStarts = new int[window];
        slotCapacities = new int[window];
        memberEnds = new int[window];
    }

    private void encode(int groups, SlotHeap heap, SegmentedLongs slots, Encoder encoder) {
        int rows = 0;
        for (int i = 0; i < groups; i++) {
            starts[i] = 0;
            ends[i] = 0;
            if (slots.get(first + i) != SlotHeap.NONE) {
                members[rows++] = i;
            }
        }
        if (rows == 0) {
            return;
        }
        Slots places = Slots.of(rows == 1 ? one(heap, slots) : copy(rows, heap, slots), slotStarts, slotCapacities);
        progress.clear();
        while (!encoder.encode(places, rows, bytes, 0, memberEnds, progress)) {
            bytes = new byte[StateDriver.larger(bytes.length, progress.need())];
            progress.clear();
        }
        for (int i = 0; i < rows; i++) {
            starts[members[i]] = i == 0 ? 0 : memberEnds[i - 1];
            ends[members[i]] = memberEnds[i];
        }
    }

    /** The chunk of the only slot. */
    private long[] one(SlotHeap heap, SegmentedLongs slots) {
        long slot = slots.get(first + members[0]);
        slotStarts[0] = SlotHeap.startOf(slot);
        slotCapacities[0] = SlotHeap.capacityOf(slot);
        return heap.chunk(SlotHeap.chunkOf(slot));
    }

    private long[] copy(int rows, SlotHeap heap, SegmentedLongs slots) {
        if (copies.length == 0) {
            copies = new long[MOST_BYTES / Long.BYTES];
        }
        int at = 0;
        for (int i = 0; i < rows; i++) {
            long slot = slots.get(first + members[i]);
            int words = SlotHeap.wordsOf(slot);
            System.arraycopy(heap.chunk(SlotHeap.chunkOf(slot)), SlotHeap.wordOf(slot), copies, at, words);
            slotStarts[i] = at * Long.BYTES;
            slotCapacities[i] = words * Long.BYTES;
            at += words;
        }
        return copies;
    }

    long retainedBytes() {
        return Sizes.of(bytes) + Sizes.of(copies) + 6 * Sizes.of(starts);
    }
}
