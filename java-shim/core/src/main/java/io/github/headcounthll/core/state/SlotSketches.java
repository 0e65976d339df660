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
 * RowQueue} until there are 2,048 ids, 256 sketches or 1 MB, or until a read. They are then processed with one call per chunk, keeping
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
    /** Above this number of groups, which no longer fit in a core's cache, memory has priority over time. */
    private static final int MANY_GROUPS = 256;
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
    private final int[] end = new int[1];
    private byte[] encoded = {};
    private int expectedGroups;

    /**
     * Creates an empty state with capacity for {@code groups} groups.
     *
     * @param states creates the calls of this state and of each copy; each is used by one thread at a time
     * @param sum how arrays are added, which take the place of sketches; null for sketches
     */
    public SlotSketches(Supplier<? extends States> states, ArraySum sum, int groups) {
        this(states, sum, new SlotHeap(), new SegmentedLongs());
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
        SlotHeap newHeap = new SlotHeap();
        SegmentedLongs newSlots = new SegmentedLongs();
        newHeap.expect(expectedGroups);
        newSlots.ensureCapacity(expectedGroups);
        for (int group = 0; group < groups; group++) {
            heap = oldHeap;
            slots = oldSlots;
            int length = encode(group);
            heap = newHeap;
            slots = newSlots;
            if (length > 0) {
                merge(group, encoded, 0, length);
                flush();
            }
        }
    }

    private void prepare(int group, Kind kind, byte[] array, long precision) {
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
        }
        heap.compact(slots);
    }

    /** Processes all rows without copying; they belong to one group. */
    private void takeGroup(int group) {
        slotFor(group);
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

    private void takeChunks() {
        for (int row = 0; row < queue.rows(); row++) {
            queue.list(row, SlotHeap.chunkOf(slotFor(queue.group(row))));
        }
        for (int chunk = queue.nextChunk(); chunk >= 0; chunk = queue.nextChunk()) {
            takeChunk(chunk);
        }
    }

    private Slots placesOf(long slot, int rows) {
        return oneSlot.slots(slot, rows, heap.chunk(SlotHeap.chunkOf(slot)), savesMemory());
    }

    private boolean savesMemory() {
        return expectedGroups > MANY_GROUPS;
    }

    private long slotFor(int group) {
        long slot = slots.get(group);
        if (slot == SlotHeap.NONE) {
            slot = heap.allocate(FIRST_CAPACITY);
            slots.set(group, slot);
        }
        return slot;
    }

    private void takeChunk(int chunk) {
        run.load(queue, slots);
        chunkRows.chunk = chunk;
        driver.take(chunkRows);
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
            Slots places = run.slots(heap.chunk(chunk), savesMemory());
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

    private boolean encode(Slots place, byte[] out, int[] end, Progress progress) {
        return sum == null ? states.encode(place, out, end, progress) : states.histEncode(place, out, end, progress);
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
        long slot = slots.get(group);
        if (slot == SlotHeap.NONE) {
            return 0;
        }
        Slots place = placesOf(slot, 1);
        encoded = driver.encode((out, ends, progress) -> encode(place, out, ends, progress), encoded, end);
        return end[0];
    }

    @Override
    public byte[] encoded() {
        return encoded;
    }

    @Override
    public byte[] sketch(int group) {
        int length = encode(group);
        return length == 0 ? null : Arrays.copyOf(encoded, length);
    }

    @Override
    public long retainedBytes() {
        return SHALLOW
                + heap.retainedBytes()
                + slots.retainedBytes()
                + queue.retainedBytes()
                + run.retainedBytes()
                + oneSlot.retainedBytes()
                + Sizes.of(end)
                + Sizes.of(encoded);
    }
}
