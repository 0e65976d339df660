// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.api.GroupedSketches;
import io.github.headcounthll.core.api.GroupedSketches.Kind;
import io.github.headcounthll.core.state.Sizes;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;

/**
 * The state of an aggregation with the sidecar, kept in this process: the sketch of each group, and queued rows. When the
 * queue exceeds both the size of the sketches and 4 MB, exchanges merge it: each sends the rows and the sketches of some
 * groups, and receives one sketch for each group. Every byte of state is thus sent about twice, however many rows there
 * are, and the server holds a few megabytes during an exchange.
 *
 * <p>Of many groups the states would be most of what is sent. If the server can, it holds them while rows come, up to a
 * size; then, or when the first sketch is asked for, they are taken back for good.
 *
 * <p>The array of a sketch is never written to, because states and their readers share it.
 */
final class SidecarSketches implements GroupedSketches {
    /** The queue is not sent below this size. */
    private static final long FEWEST_WAITING_BYTES = 4 << 20;
    /** The size of one exchange; more is sent in several. */
    private static final long MOST_EXCHANGE_BYTES = 4 << 20;

    /** From this size of the states on, the server is to hold them. */
    private static final long FEWEST_OPEN_BYTES = 2 << 20;
    /** The size up to which it does: what they take here when they are taken back. */
    private static final long MOST_OPEN_BYTES = 32 << 20;

    private static final int FEWEST_GROUPS = 4;
    /** The size of this object and its components, without the arrays that grow. */
    private static final int SHALLOW = 256;

    private static final byte[] NOTHING = {};

    private final Aggregates aggregates;
    private final GroupRows waiting;
    private byte[][] sketches;
    private long sketchBytes;
    private byte[] encoded = NOTHING;
    private final SentCursor cursor = new SentCursor();
    /** Holds sketches of the groups, besides those here; null if the server holds none. */
    private OpenMerge open;

    private boolean mayOpen = true;

    SidecarSketches(Aggregates aggregates, int groups) {
        this(aggregates, new GroupRows(Kind.MERGE), new byte[groups][], 0);
    }

    private SidecarSketches(Aggregates aggregates, GroupRows waiting, byte[][] sketches, long sketchBytes) {
        this.aggregates = aggregates;
        this.waiting = waiting;
        this.sketches = sketches;
        this.sketchBytes = sketchBytes;
    }

    /** Both keep the queued rows. */
    @Override
    public GroupedSketches copy() {
        takeBack();
        return new SidecarSketches(aggregates, waiting.copy(), sketches.clone(), sketchBytes);
    }

    @Override
    public void ensureCapacity(int groups) {
        if (groups > sketches.length) {
            sketches = Arrays.copyOf(
                    sketches, Math.max(FEWEST_GROUPS, Math.max(groups, sketches.length + (sketches.length >> 1))));
        }
    }

    @Override
    public void merge(int group, byte[] array, int start, int length) {
        prepare(group, Kind.MERGE);
        waiting.append(group, array, start, length, 0);
        if (length >= SentRows.FEWEST_BYTES) {
            recognize(array, start, length);
        }
        flushIfHeavy();
    }

    @Override
    public void add(int group, byte[] array, int start, int length, long precision) {
        prepare(group, Kind.ADD);
        waiting.append(group, array, start, length, precision);
        flushIfHeavy();
    }

    @Override
    public void addLong(int group, long value, long precision) {
        prepare(group, Kind.ADD_LONG);
        waiting.append(group, value, precision);
        flushIfHeavy();
    }

    /** Finds the last row among those that this thread has sent, so that it need not be sent again. */
    private void recognize(byte[] array, int start, int length) {
        if (sketchBytes > FEWEST_WAITING_BYTES || aggregates.arrays()) {
            return; // the rows of a few megabytes would bring too many sketches along
        }
        SentRows sent = aggregates.exchange().sent();
        int row = cursor.find(sent, array, start, length);
        SharedMemory memory = sent.memory();
        if (row >= 0 && memory != null) {
            waiting.kept(memory, sent.lap(), sent.offset(row));
        }
    }

    private void prepare(int group, Kind kind) {
        Objects.checkIndex(group, sketches.length);
        if (waiting.kind() != kind) {
            flush();
            waiting.begin(kind);
        }
    }

    private void flushIfHeavy() {
        long fewest = waiting.keptRows() > 0 ? 2 * FEWEST_WAITING_BYTES : FEWEST_WAITING_BYTES;
        if (Math.max(waiting.wireBytes(), waiting.earlierBytes()) >= Math.max(fewest, sketchBytes)) {
            flush();
        }
    }

    /**
     * Keeps the rows queued, since an exchange for each page would be expensive. The page's memory is counted. Copies
     * share the queued rows.
     */
    @Override
    public boolean pageDone() {
        if (waiting.keptRows() > 0 && waiting.memory().isFull()) {
            flush(); // the next page would replace these rows
        }
        return false;
    }

    @Override
    public void flush() {
        if (waiting.count() == 0) {
            return;
        }
        try {
            if (waiting.kind() == Kind.MERGE) {
                merge(waiting);
            } else {
                buildAll();
            }
        } finally {
            waiting.begin(waiting.kind());
        }
    }

    private void merge(GroupRows rows) {
        if (open == null && mayOpen && isWide(rows)) {
            open();
        }
        if (open != null) {
            boolean added = open.add(rows);
            if (!added || open.stateBytes() > MOST_OPEN_BYTES) {
                takeBack();
            }
            if (added) {
                return;
            }
        }
        if (rows.keptRows() == 0 || !mergeKept(rows)) {
            mergeAll(rows);
        }
    }

    /** Whether the sketches will have many bytes with these rows. */
    private boolean isWide(GroupRows rows) {
        long bytes = sketchBytes;
        BitSet seen = new BitSet();
        for (int row = 0; row < rows.count() && bytes < FEWEST_OPEN_BYTES; row++) {
            int group = rows.group(row);
            if (sketches[group] == null && !seen.get(group)) {
                seen.set(group);
                bytes += rows.length(row);
            }
        }
        return bytes >= FEWEST_OPEN_BYTES;
    }

    /** Lets the server hold the sketches, if it can. */
    private void open() {
        OpenMerge opened = aggregates.open();
        if (opened == null) {
            return;
        }
        GroupRows held = new GroupRows(Kind.MERGE);
        for (int group = 0; group < sketches.length; group++) {
            if (sketches[group] != null) {
                held.append(group, sketches[group], 0, sketches[group].length, 0);
            }
        }
        open = opened;
        if (opened.add(held)) {
            Arrays.fill(sketches, null);
            sketchBytes = 0;
        }
    }

    /** Takes the sketches that the server holds. */
    private void takeBack() {
        if (open == null) {
            return;
        }
        OpenMerge ended = open;
        open = null;
        mayOpen = false;
        GroupRows both = new GroupRows(Kind.MERGE);
        ended.end(sketches.length, (group, sketch) -> {
            if (sketches[group] == null) {
                set(group, sketch);
            } else {
                both.append(group, sketch, 0, sketch.length, 0);
            }
        });
        if (both.count() > 0) {
            mergeAll(both);
        }
    }

    /** Merges rows of which the server keeps some; returns false if it does not keep them any more. */
    private boolean mergeKept(GroupRows rows) {
        GroupRows held = new GroupRows(Kind.MERGE);
        BitSet seen = new BitSet();
        for (int row = 0; row < rows.count(); row++) {
            int group = rows.group(row);
            if (!seen.get(group) && sketches[group] != null) {
                held.append(group, sketches[group], 0, sketches[group].length, 0);
            }
            seen.set(group);
        }
        return aggregates.callKept(rows, held, this::set);
    }

    /** Merges rows into the sketches of their groups. */
    private void mergeAll(GroupRows rows) {
        GroupRows part = new GroupRows(Kind.MERGE);
        int current = -1;
        for (long key : rows.byGroup()) {
            int group = (int) (key >>> 32);
            if (part.wireBytes() >= MOST_EXCHANGE_BYTES) {
                aggregates.call(part, this::set);
                part.begin(Kind.MERGE);
                current = -1;
            }
            if (group != current && sketches[group] != null) {
                part.append(group, sketches[group], 0, sketches[group].length, 0);
            }
            current = group;
            part.append(rows, (int) key);
        }
        aggregates.call(part, this::set);
    }

    /** Builds sketches of ids, and merges them into the sketches of their groups. */
    private void buildAll() {
        GroupRows part = new GroupRows(waiting.kind());
        for (long key : waiting.byGroup()) {
            if (part.wireBytes() >= MOST_EXCHANGE_BYTES) {
                build(part);
                part.begin(waiting.kind());
            }
            part.append(waiting, (int) key);
        }
        build(part);
    }

    private void build(GroupRows part) {
        GroupRows built = new GroupRows(Kind.MERGE);
        aggregates.call(part, (group, sketch) -> {
            if (sketches[group] == null) {
                set(group, sketch);
            } else {
                built.append(group, sketch, 0, sketch.length, 0);
            }
        });
        if (built.count() > 0) {
            mergeAll(built);
        }
    }

    private void set(int group, byte[] sketch) {
        sketchBytes += Sizes.of(sketch) - Sizes.of(sketches[group]);
        sketches[group] = sketch;
    }

    @Override
    public int encode(int group) {
        byte[] sketch = sketch(group);
        encoded = sketch == null ? NOTHING : sketch;
        return encoded.length;
    }

    @Override
    public byte[] encoded() {
        return encoded;
    }

    @Override
    public byte[] sketch(int group) {
        flush();
        takeBack();
        return sketches[group];
    }

    @Override
    public long retainedBytes() {
        return SHALLOW + sketchBytes + Sizes.ofReferences(sketches.length) + waiting.retainedBytes();
    }
}
