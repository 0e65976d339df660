// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

import io.github.headcounthll.core.api.ArraySum;
import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.GroupedSketches;
import io.github.headcounthll.core.api.GroupedSketches.Kind;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * {@link GroupedSketches} over {@link States}. Each group has a slot in a {@link SlotHeap}. Rows are queued in a {@link
 * RowQueue} until there are 2,048 rows or 1 MB, or until a read. They are then processed with one call per chunk, keeping
 * the rows of a group in order of arrival; the rows of a single group are processed in one call without copying.
 *
 * <p>The only known facts about a slot are its capacity and the size that the library asks for.
 */
public final class SlotSketches implements GroupedSketches {
    /**
     * The size of a group's first slot in bytes, an estimate for one entry. If the library needs more, it costs a
     * second call.
     */
    private static final int FIRST_CAPACITY = 16;
    /** The bytes of a sum's first slot besides its first array, an estimate likewise. */
    private static final int SUM_OVERHEAD = 8;

    private static final int MOST_FIRST_CAPACITY = 1 << 20;
    /** Above this number of groups, which no longer fit in a core's cache, memory has priority over time. */
    private static final int MANY_GROUPS = 256;
    /** What the slots may take in memory to save time: 12 MB, less than the 16 MB of Trino's partial aggregation. */
    private static final int SPARE_BYTES = 12 << 20;
    /** The longest sketch that is expected to take as much memory in a slot as encoded. */
    private static final int SMALL_SKETCH = 1 << 10;
    /** The bytes of a slot besides those of such a sketch. */
    private static final int SLOT_BYTES = 10;
    /** The longest sketch that is expected to take half its memory in a slot, where memory has priority. */
    private static final int MOST_HALVED = 1 << 15;
    /** The bytes of a slot besides half of those of such a sketch. */
    private static final int HALVED_BYTES = 31;
    /** The size of this object and its components, without the arrays that grow. */
    private static final int SHALLOW = 1024;

    private final Supplier<? extends States> newStates;
    private final States states;
    /** How arrays are added; null for sketches. */
    private final ArraySum sum;

    private SlotHeap heap;
    private SegmentedLongs slots;
    private final RowQueue queue = new RowQueue();
    private final SlotBatch run = new SlotBatch();
    private final OneSlot oneSlot = new OneSlot();
    private final StateDriver driver = new StateDriver();
    private final GroupRows groupRows = new GroupRows();
    private final ChunkRows chunkRows = new ChunkRows();
    private final EncodedGroups encoded = new EncodedGroups();
    /** The group whose sketch was asked for last. */
    private int encodedGroup;

    private final EncodedGroups.Encoder encoder = this::encode;
    private int expectedGroups;

    /**
     * Creates an empty state with capacity for {@code groups} groups.
     *
     * @param states creates the calls of this state and of each copy; each is used by one thread at a time
     * @param sum how arrays are added, which take the place of sketches; null for sketches
     */
    public SlotSketches(Supplier<? extends States> states, ArraySum sum, int groups) {
        this(states, sum, new SlotHeap(sum != null), new SegmentedLongs());
        ensureCapacity(groups);
    }

    private SlotSketches(Supplier<? extends States> newStates, ArraySum sum, SlotHeap heap, SegmentedLongs slots) {
        this.newStates = newStates;
        this.states = newStates.get();
        this.sum = sum;
        this.heap = heap;
        this.slots = slots;
    }

    @Override
    public GroupedSketches copy() {
        flush();
        SlotSketches copy = new SlotSketches(newStates, sum, new SlotHeap(heap), new SegmentedLongs(slots));
        copy.expectedGroups = expectedGroups;
        return copy;
    }

    @Override
    public void ensureCapacity(int groups) {
        slots.ensureCapacity(groups);
        if (groups > expectedGroups) {
            int before = expectedGroups;
            expectedGroups = groups;
            heap.expect(groups);
            if (before > 0 && before <= MANY_GROUPS && groups > MANY_GROUPS) {
                moveAll(before);
            }
        }
    }

    @Override
    public void merge(int group, byte[] array, int start, int length) {
        prepare(group, Kind.MERGE, array, 0);
        queue.push(group, start, length);
        flushIfFull();
    }

    @Override
    public boolean takesElements() {
        return sum != null;
    }

    @Override
    public void mergeElements(int group, long[] array, int from, int count) {
        prepare(group, Kind.MERGE, array, 0);
        queue.push(group, from * Long.BYTES, count * Long.BYTES);
        flushIfFull();
    }

    @Override
    public void add(int group, byte[] array, int start, int length, long precision) {
        prepare(group, Kind.ADD, array, precision);
        queue.push(group, start, length);
        flushIfFull();
    }

    @Override
    public void addLong(int group, long value, long precision) {
        prepare(group, Kind.ADD_LONG, null, precision);
        queue.push(group, value);
        flushIfFull();
    }

    @Override
    public void addAll(int group, Column ids, long precision) {
        for (int row = 0; row < ids.rows(); ) {
            prepare(group, Kind.ADD, ids.data(), precision);
            row += queue.pushAll(group, ids, row);
            flushIfFull();
        }
    }

    @Override
    public void addAllLongs(int group, long[] values, int rows, long precision) {
        for (int row = 0; row < rows; ) {
            prepare(group, Kind.ADD_LONG, null, precision);
            row += queue.pushAll(group, values, row, rows);
            flushIfFull();
        }
    }

    private void flushIfFull() {
        if (queue.isFull()) {
            flush();
        }
    }

    /** Rebuilds the first groups in less memory and without gaps, once it is known that there are many groups. */
    private void moveAll(int groups) {
        flush();
        SlotHeap oldHeap = heap;
        SegmentedLongs oldSlots = slots;
        EncodedGroups old = new EncodedGroups();
        heap = new SlotHeap(sum != null);
        slots = new SegmentedLongs();
        heap.expect(expectedGroups);
        slots.ensureCapacity(expectedGroups);
        for (int group = 0; group < groups; group++) {
            old.read(group, oldHeap, oldSlots, encoder);
            if (old.length(group) > 0) {
                merge(group, old.bytes(), old.start(group), old.length(group));
                flush();
            }
        }
    }

    private void prepare(int group, Kind kind, Object array, long precision) {
        Objects.checkIndex(group, slots.capacity());
        if (!queue.takes(kind, array, precision)) {
            flush();
            queue.begin(kind, array, precision);
        }
    }

    @Override
    public void flush() {
        if (queue.rows() == 0) {
            return;
        }
        try {
            if (queue.isMixed()) {
                takeChunks();
            } else {
                takeGroup(queue.group(0));
            }
        } finally {
            queue.clear();
            encoded.clear();
        }
        heap.compact(slots);
    }

    /** Processes all rows without copying; they belong to one group. */
    private void takeGroup(int group) {
        slotFor(0, sum == null ? FIRST_CAPACITY : firstCapacity(0));
        groupRows.of(group, GroupRows.ALL);
        driver.take(groupRows);
    }

    /** Queued rows of one group, whose slot may move to any chunk: all rows, or one. */
    private final class GroupRows implements StateDriver.Batch {
        static final int ALL = -1;

        private int group;
        /** The queue index of the only row, or ALL. */
        private int place;

        void of(int group, int place) {
            this.group = group;
            this.place = place;
        }

        @Override
        public int rows() {
            return place == ALL ? queue.rows() : 1;
        }

        @Override
        public boolean take(Progress progress) {
            Slots slot = placesOf(slots.get(group), rows());
            return place == ALL
                    ? call(slot, queue.column(), queue.values(), rows(), progress)
                    : call(slot, queue.column(place), queue.values(place), 1, progress);
        }

        @Override
        public int capacity(int row) {
            return SlotHeap.capacityOf(slots.get(group));
        }

        @Override
        public void grow(Progress progress) {
            SlotSketches.this.grow(group, progress);
        }
    }

    /** Takes the rows in their order if the slots are in one chunk: arrays are then read from one end of memory to the other. */
    private void takeChunks() {
        int chunk0 = SlotHeap.chunkOf(slotFor(0, firstCapacity(0)));
        boolean isOneChunk = true;
        for (int row = 1; row < queue.rows(); row++) {
            isOneChunk &= SlotHeap.chunkOf(slotFor(row, firstCapacity(row))) == chunk0;
        }
        if (isOneChunk) {
            run.loadAll(queue, slots);
            take(chunk0);
        } else {
            for (int row = 0; row < queue.rows(); row++) {
                queue.list(row, SlotHeap.chunkOf(slots.get(queue.group(row))));
            }
        }
        // Rows whose slot has moved to another chunk meanwhile are in that one's list.
        for (int chunk = queue.nextChunk(); chunk >= 0; chunk = queue.nextChunk()) {
            run.load(queue, slots);
            take(chunk);
        }
    }

    private Slots placesOf(long slot, int rows) {
        return oneSlot.slots(slot, rows, heap.chunk(SlotHeap.chunkOf(slot)), savesMemory(), spare());
    }

    private boolean savesMemory() {
        return expectedGroups > MANY_GROUPS;
    }

    /** The memory for a slot, if more memory saves time. */
    private int spare() {
        return SPARE_BYTES / Math.max(1, expectedGroups);
    }

    /** The size of the first slot of a queued row's group. */
    private int firstCapacity(int row) {
        if (sum != null) {
            return SUM_OVERHEAD + Math.max(0, Math.min(queue.length(row), MOST_FIRST_CAPACITY));
        }
        if (queue.kind() != Kind.MERGE) {
            return FIRST_CAPACITY;
        }
        int length = queue.length(row);
        if (length <= SMALL_SKETCH) {
            return Math.max(FIRST_CAPACITY, length + SLOT_BYTES);
        }
        return savesMemory() && length <= MOST_HALVED ? length / 2 + HALVED_BYTES : FIRST_CAPACITY;
    }

    /** The slot of a queued row's group. */
    private long slotFor(int row, int firstCapacity) {
        int group = queue.group(row);
        long slot = slots.get(group);
        if (slot == SlotHeap.NONE) {
            slot = heap.allocate(firstCapacity);
            slots.set(group, slot);
        }
        return slot;
    }

    /** Takes the rows of {@link #run}. */
    private void take(int chunk) {
        chunkRows.chunk = chunk;
        driver.take(chunkRows);
        takeAgain();
    }

    /** Makes the slots of rows that were set aside large enough, and lists the rows again. */
    private void takeAgain() {
        boolean isAny = false;
        for (int row = 0; row < run.rows(); row++) {
            int wanted = run.wanted(row);
            if (wanted > 0) {
                isAny = true;
                int group = queue.group(run.place(row));
                if (wanted > SlotHeap.capacityOf(slots.get(group))) {
                    slots.set(group, heap.grow(slots.get(group), wanted));
                }
            }
        }
        // Only now: a group may have had several rows.
        for (int row = 0; isAny && row < run.rows(); row++) {
            if (run.wanted(row) > 0) {
                queue.list(run.place(row), SlotHeap.chunkOf(slots.get(queue.group(run.place(row)))));
            }
        }
    }

    /** The rows of {@link #run}, whose slots are in one chunk. */
    private final class ChunkRows implements StateDriver.Batch {
        private int chunk;

        @Override
        public int rows() {
            return run.rows();
        }

        @Override
        public boolean take(Progress progress) {
            Slots places = run.slots(heap.chunk(chunk), savesMemory(), sum == null, spare());
            return call(places, run.column(queue), run.values(), run.rows(), progress);
        }

        @Override
        public int capacity(int row) {
            return SlotHeap.capacityOf(slots.get(queue.group(run.place(row))));
        }

        /** If the slot moves to another chunk, so do its rows. */
        @Override
        public void grow(Progress progress) {
            int row = progress.row();
            int place = run.place(row);
            long slot = SlotSketches.this.grow(queue.group(place), progress);
            if (SlotHeap.chunkOf(slot) == chunk) {
                run.correct(row, queue, slot);
                return;
            }
            groupRows.of(queue.group(place), place);
            driver.takeRest(groupRows, progress.at());
            run.moveOut(row, queue, slots);
            progress.set(row, 0, 0);
        }
    }

    private boolean call(Slots places, Column column, long[] values, int rows, Progress progress) {
        return switch (queue.kind()) {
            case MERGE -> merge(places, column, progress);
            case ADD -> states.add(places, column, queue.precision(), progress);
            case ADD_LONG -> states.addInt64(places, values, rows, queue.precision(), progress);
        };
    }

    private boolean merge(Slots places, Column column, Progress progress) {
        if (sum == null) {
            return states.merge(places, column, progress);
        }
        return switch (sum) {
            case HISTOGRAMS -> states.histAggregate(places, column, progress);
            case ARRAYS -> states.histSum(places, column, progress);
        };
    }

    private boolean encode(Slots places, int rows, byte[] out, int from, int[] ends, Progress progress) {
        return sum == null
                ? states.encode(places, rows, out, from, ends, progress)
                : states.histEncode(places, rows, out, from, ends, progress);
    }

    /** Gives a group the slot that the library asks for. */
    private long grow(int group, Progress progress) {
        long larger = heap.grow(slots.get(group), progress.need());
        slots.set(group, larger);
        return larger;
    }

    @Override
    public int encode(int group) {
        flush();
        encoded.read(group, heap, slots, encoder);
        encodedGroup = group;
        return encoded.length(group);
    }

    @Override
    public byte[] encoded() {
        return encoded.bytes();
    }

    @Override
    public int encodedFrom() {
        return encoded.start(encodedGroup);
    }

    @Override
    public byte[] sketch(int group) {
        int length = encode(group);
        return length == 0 ? null : Arrays.copyOfRange(encoded(), encodedFrom(), encodedFrom() + length);
    }

    @Override
    public long retainedBytes() {
        return SHALLOW
                + heap.retainedBytes()
                + slots.retainedBytes()
                + queue.retainedBytes()
                + run.retainedBytes()
                + oneSlot.retainedBytes()
                + encoded.retainedBytes();
    }
}
