// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

import java.util.Arrays;

/**
 * The results of consecutive groups, encoded with few calls before they are asked for. Engines read groups one after the
 * other; a group that is not read in order is encoded alone.
 */
final class EncodedGroups {
    private static final int MOST_GROUPS = 128;
    /** Of the slots of groups that are encoded together. */
    private static final int MOST_BYTES = 1 << 16;

    /** Encodes slots of one chunk: a call of {@link States#encode}. */
    interface Encoder {
        boolean encode(Slots slots, int rows, byte[] out, int from, int[] ends, Progress progress);
    }

    private final Progress progress = new Progress();
    private byte[] bytes = {};
    private int used;
    /** The groups that are encoded: from first on, and how many. */
    private int first;

    private int count;
    /** The group that follows the last one read, and how many to encode if it is next. */
    private int following = -1;

    private int window = 1;
    private int[] starts = new int[1];
    private int[] ends = new int[1];
    /** Groups that are not encoded yet, counted from first; then those of one call. */
    private int[] rest = new int[1];

    private int[] members = new int[1];
    private int[] slotStarts = new int[1];
    private int[] slotCapacities = new int[1];
    private int[] memberEnds = new int[1];

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
            choose(group, slots);
            encode(heap, slots, encoder);
        }
        following = group + 1;
    }

    private void choose(int group, SegmentedLongs slots) {
        if (window > starts.length) {
            grow();
        }
        first = group;
        count = 0;
        long size = 0;
        for (int next = group; count < window && next < slots.capacity(); next++) {
            size += SlotHeap.capacityOf(slots.get(next));
            if (count > 0 && size > MOST_BYTES) {
                break;
            }
            count++;
        }
    }

    private void grow() {
        starts = new int[window];
        ends = new int[window];
        rest = new int[window];
        members = new int[window];
        slotStarts = new int[window];
        slotCapacities = new int[window];
        memberEnds = new int[window];
    }

    private void encode(SlotHeap heap, SegmentedLongs slots, Encoder encoder) {
        used = 0;
        int left = 0;
        for (int i = 0; i < count; i++) {
            starts[i] = 0;
            ends[i] = 0;
            if (slots.get(first + i) != SlotHeap.NONE) {
                rest[left++] = i;
            }
        }
        int wanted = count;
        count = 0; // until all is done
        while (left > 0) {
            left = encodeChunk(left, heap, slots, encoder);
        }
        count = wanted;
    }

    /** Encodes those of the first {@code left} groups in {@link #rest} that are in the chunk of the first; returns how many are left. */
    private int encodeChunk(int left, SlotHeap heap, SegmentedLongs slots, Encoder encoder) {
        int chunk = SlotHeap.chunkOf(slots.get(first + rest[0]));
        int rows = 0;
        int kept = 0;
        for (int i = 0; i < left; i++) {
            long slot = slots.get(first + rest[i]);
            if (SlotHeap.chunkOf(slot) == chunk) {
                members[rows] = rest[i];
                slotStarts[rows] = SlotHeap.startOf(slot);
                slotCapacities[rows++] = SlotHeap.capacityOf(slot);
            } else {
                rest[kept++] = rest[i];
            }
        }
        Slots places = Slots.of(heap.chunk(chunk), slotStarts, slotCapacities);
        progress.clear();
        while (!encoder.encode(places, rows, bytes, used, memberEnds, progress)) {
            bytes = Arrays.copyOf(bytes, StateDriver.larger(bytes.length, used + progress.need()));
            progress.clear();
        }
        for (int i = 0; i < rows; i++) {
            starts[members[i]] = used + (i == 0 ? 0 : memberEnds[i - 1]);
            ends[members[i]] = used + memberEnds[i];
        }
        used += memberEnds[rows - 1];
        return kept;
    }

    long retainedBytes() {
        return Sizes.of(bytes) + 7 * Sizes.of(starts);
    }
}
