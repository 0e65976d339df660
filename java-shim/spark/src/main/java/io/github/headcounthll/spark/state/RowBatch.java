// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.state;

import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.core.api.IdText;
import io.github.headcounthll.core.state.Progress;
import io.github.headcounthll.core.state.StateDriver;
import io.github.headcounthll.spark.errors.SketchException;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Rows of an aggregation that wait for one call of the library. One task's aggregation has one; not thread-safe. All
 * waiting rows are of one kind: sketches, ids or integers. The task may end at any row: a batch and its buffers hold
 * only memory that the JVM frees.
 */
public final class RowBatch {
    private static final int MOST_ROWS = 64;
    /** Of rows and slots together: a call then needs no more memory than a thread keeps for its copies. */
    private static final int MOST_BYTES = RowMemory.SIZE;

    private static final int MOST_IDS = 2048;

    enum Kind {
        SKETCHES,
        IDS,
        INTEGERS
    }

    private final String function;
    private Kind kind = Kind.SKETCHES;
    private long precision;
    int rows;
    private long bytes;
    /** The bytes of the slots of {@link #distinct}. */
    private long slotBytes;
    /** The index in {@link #distinct} of each row's group. */
    int[] groups = new int[MOST_ROWS];
    /** The rows of {@link Kind#SKETCHES} and {@link Kind#IDS}, one after the other; null without such rows. */
    RowMemory memory;

    int[] starts = new int[MOST_ROWS];
    int[] lengths = new int[MOST_ROWS];
    /** The rows of {@link Kind#INTEGERS}. */
    long[] integers = {};
    /** The groups that have rows here, without repetition. */
    SketchBuffer[] distinct = new SketchBuffer[MOST_ROWS];

    int distinctCount;
    /** What a slot has needed for a row of this length, so that the next such slot is made large enough at once. */
    private int knownLength = -1;

    private int knownNeed;
    /** Counts the memory of the groups' states; null outside a task and in a call of a scalar. */
    private final TaskMemory counter;

    private final StateDriver driver = new StateDriver();
    private final WaitingRows waiting = new WaitingRows();

    /**
     * A batch of an aggregation, whose states are counted until the task ends.
     *
     * @param function the name of the function, for messages
     */
    public RowBatch(String function) {
        this(function, TaskMemory.ofTask());
        if (counter != null) {
            counter.count(RowMemory.SIZE);
        }
    }

    private RowBatch(String function, TaskMemory counter) {
        this.function = function;
        this.counter = counter;
    }

    /** A batch for one call of a scalar: its state is gone with the row, so it is not counted. */
    public static RowBatch ofOneCall(String function) {
        return new RowBatch(function, null);
    }

    /** Unites the encoded sketch in a column of a row, which is not NULL. Spark's own rows are read in place. */
    public void merge(SketchBuffer group, InternalRow row, int column) {
        if (row instanceof UnsafeRow unsafe) {
            // The word of the column has the offset and the length, as in UnsafeRow.getBinary.
            long place = unsafe.getLong(column);
            merge(group, unsafe.getBaseObject(), unsafe.getBaseOffset() + (place >>> Integer.SIZE), (int) place);
        } else {
            merge(group, row.getBinary(column));
        }
    }

    /** Unites an encoded sketch with a group's; it is copied. */
    public void merge(SketchBuffer group, byte[] sketch) {
        merge(group, sketch, Platform.BYTE_ARRAY_OFFSET, sketch.length);
    }

    private void merge(SketchBuffer group, Object array, long offset, int length) {
        begin(Kind.SKETCHES, 0);
        unfold(group);
        append(group, array, offset, length, MOST_ROWS);
    }

    /** Queues a row of {@link #memory}. */
    private void append(SketchBuffer group, Object array, long offset, int length, int mostRows) {
        if (rows > 0 && bytes + length > MOST_BYTES) {
            flush();
        }
        if (memory == null) {
            memory = RowMemory.take(length);
        }
        int start = (int) bytes;
        memory.put(start, array, offset, length);
        starts[rows] = start;
        push(group, length);
        flushIfFull(mostRows);
    }

    private void flushIfFull(int mostRows) {
        if (rows == mostRows || bytes + slotBytes >= MOST_BYTES) {
            flush();
        }
    }

    /** Unites another state with a group's. */
    public void merge(SketchBuffer group, SketchBuffer other) {
        byte[] sketch = other.sketch();
        if (sketch == null) {
            return;
        }
        if (group.isEmpty()) {
            group.count(counter, sketch.length);
            group.received = sketch;
        } else {
            merge(group, sketch);
        }
    }

    /** Adds an id; it is copied. */
    public void add(SketchBuffer group, UTF8String id, long precision) {
        add(group, id.getBaseObject(), id.getBaseOffset(), id.numBytes(), precision);
    }

    /** Adds a decimal without a scale. */
    public void add(SketchBuffer group, Decimal id, long precision) {
        add(group, DecimalText.of(id), precision);
    }

    /** Adds a date, as its days. */
    public void addDate(SketchBuffer group, int days, long precision) {
        add(group, IdText.date(days), precision);
    }

    private void add(SketchBuffer group, Object array, long offset, int length, long precision) {
        if (length <= RowMemory.MOST_BY_WORDS && isPlain(group, Kind.IDS, precision)) {
            int start = (int) bytes;
            memory.putWords(start, array, offset, length);
            starts[rows] = start;
            queue(group, length);
        } else {
            begin(Kind.IDS, precision);
            unfold(group);
            append(group, array, offset, length, MOST_IDS);
        }
    }

    /**
     * Whether a row of at most MOST_BY_WORDS bytes only has to be written down: its group is here, there is room, and the
     * batch is not full with it. Most rows are plain, and the JVM's compiler puts what they need into the loop over the rows.
     */
    private boolean isPlain(SketchBuffer group, Kind rowKind, long rowPrecision) {
        return group.batch == this
                && kind == rowKind
                && precision == rowPrecision
                && rows < Math.min(groups.length, MOST_IDS - 1)
                && bytes + slotBytes < MOST_BYTES - RowMemory.MOST_BY_WORDS;
    }

    /** Adds an id of these bytes. */
    public void add(SketchBuffer group, byte[] id, long precision) {
        add(group, id, Platform.BYTE_ARRAY_OFFSET, id.length, precision);
    }

    /** Adds an integer. */
    public void add(SketchBuffer group, long value, long precision) {
        if (rows < integers.length && isPlain(group, Kind.INTEGERS, precision)) {
            integers[rows] = value;
            queue(group, Long.BYTES);
        } else {
            addFirst(group, value, precision);
        }
    }

    private void addFirst(SketchBuffer group, long value, long precision) {
        begin(Kind.INTEGERS, precision);
        unfold(group);
        if (integers.length < groups.length) {
            integers = Arrays.copyOf(integers, groups.length);
        }
        integers[rows] = value;
        push(group, Long.BYTES);
        flushIfFull(MOST_IDS);
    }

    private void begin(Kind kind, long precision) {
        if (rows > 0 && (this.kind != kind || this.precision != precision)) {
            flush();
        }
        this.kind = kind;
        this.precision = precision;
        if (rows == groups.length) {
            makeRoom();
        }
    }

    /** For twice as many rows: ids wait in larger numbers than sketches. */
    private void makeRoom() {
        groups = Arrays.copyOf(groups, rows * 2);
        distinct = Arrays.copyOf(distinct, rows * 2);
        starts = Arrays.copyOf(starts, rows * 2);
        lengths = Arrays.copyOf(lengths, rows * 2);
    }

    /** A received sketch becomes a row of its own, before the group's next row. */
    private void unfold(SketchBuffer group) {
        if (group.received == null) {
            return;
        }
        byte[] received = group.received;
        group.received = null;
        if (kind == Kind.SKETCHES) {
            append(group, received, Platform.BYTE_ARRAY_OFFSET, received.length, MOST_ROWS);
            return;
        }
        Kind wanted = kind;
        long wantedPrecision = precision;
        merge(group, received);
        flush();
        begin(wanted, wantedPrecision);
    }

    private void push(SketchBuffer group, int length) {
        if (group.batch != this) {
            if (group.batch != null) {
                group.batch.flush();
            }
            group.batch = this;
            group.index = distinctCount;
            distinct[distinctCount++] = group;
            if (length == knownLength && group.slot.length * Long.BYTES < knownNeed) {
                grow(group, knownNeed);
            }
            slotBytes += (long) group.slot.length * Long.BYTES;
        }
        queue(group, length);
    }

    /** Writes down a row of a group that is in {@link #distinct}. */
    private void queue(SketchBuffer group, int length) {
        groups[rows] = group.index;
        lengths[rows++] = length;
        bytes += length;
    }

    /** Processes all waiting rows. After a {@link SketchException} the groups must not be used again. */
    public void flush() {
        if (rows == 0) {
            return;
        }
        try {
            driver.take(waiting);
        } catch (HeadcountException e) {
            throw SketchException.of(function, e);
        } finally {
            clear();
        }
    }

    /** The waiting rows, each group's slot an array of its own. */
    private final class WaitingRows implements StateDriver.Batch {
        @Override
        public int rows() {
            return rows;
        }

        @Override
        public boolean take(Progress progress) {
            return SlotCalls.take(RowBatch.this, kind, precision, progress);
        }

        @Override
        public int capacity(int row) {
            return group(row).slot.length * Long.BYTES;
        }

        @Override
        public void grow(Progress progress) {
            int need = Math.toIntExact(progress.need());
            RowBatch.this.grow(group(progress.row()), need);
            learn(progress.row(), need);
        }
    }

    private SketchBuffer group(int row) {
        return distinct[groups[row]];
    }

    /** Gives the other slots of the batch the same room, if their rows are as long. */
    private void learn(int row, int need) {
        if (kind != Kind.SKETCHES) {
            return;
        }
        knownLength = lengths[row];
        knownNeed = need;
        for (int i = row + 1; i < rows; i++) {
            if (lengths[i] == knownLength && group(i).slot.length * Long.BYTES < need) {
                grow(group(i), need);
            }
        }
    }

    private void grow(SketchBuffer group, int need) {
        int words = (need + Long.BYTES - 1) / Long.BYTES;
        int size = Math.max(words, Math.min(group.slot.length * 2, 64));
        group.count(counter, size * Long.BYTES);
        group.slot = Arrays.copyOf(group.slot, size);
    }

    private void clear() {
        for (int i = 0; i < distinctCount; i++) {
            distinct[i].batch = null;
            distinct[i] = null;
        }
        if (memory != null) {
            memory.giveBack();
            memory = null;
        }
        distinctCount = 0;
        rows = 0;
        bytes = 0;
        slotBytes = 0;
    }
}
