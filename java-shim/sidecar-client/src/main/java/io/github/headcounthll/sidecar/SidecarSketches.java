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
 * <p>The array of a sketch is never written to, because states and their readers share it.
 */
final class SidecarSketches implements GroupedSketches {
    /** The queue is not sent below this size. */
    private static final long FEWEST_WAITING_BYTES = 4 << 20;
    /** The size of one exchange; more is sent in several. */
    private static final long MOST_EXCHANGE_BYTES = 4 << 20;

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

    SidecarSketches(Aggregates aggregates, int groups) {
        this(aggregates, new GroupRows(Kind.MERGE), new byte[groups][], 0);
    }

    private SidecarSketches(Aggregates aggregates, GroupRows waiting, byte[][] sketches, long sketchBytes) {
        this.aggregates = aggregates;
        this.waiting = waiting;
        this.sketches = sketches;
        this.sketchBytes = sketchBytes;
    }

    /** Without an exchange: both keep the queued rows. */
    @Override
    public GroupedSketches copy() {
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
                if (waiting.keptRows() == 0 || !mergeKept(waiting)) {
                    mergeAll(waiting);
                }
            } else {
                buildAll();
            }
        } finally {
            waiting.begin(waiting.kind());
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
        return sketches[group];
    }

    @Override
    public long retainedBytes() {
        return SHALLOW + sketchBytes + Sizes.ofReferences(sketches.length) + waiting.retainedBytes();
    }
}
