// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.ErrorCode;
import io.github.headcounthll.core.api.HeadcountException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * A stand-in for the library that knows nothing of sketches: a slot is a count and that many longs, in the order in
 * which they came; a sketch is a run of longs; an id is one. It asks for room in steps of its own choosing, in the
 * middle of a row too, and checks what the contract promises about slots.
 */
final class FakeStates implements States {
    private final SplittableRandom random;
    int calls;
    int rows;

    FakeStates(SplittableRandom random) {
        this.random = random;
    }

    static long id(long value, long precision) {
        return value * 31 + precision;
    }

    @Override
    public boolean merge(Slots slots, Column sketches, Progress progress) {
        ByteBuffer data = ByteBuffer.wrap(sketches.data());
        return forEachRow(slots, sketches.rows(), progress, (row, at) -> {
            assertEquals(0, sketches.lengths()[row] % Long.BYTES, "a sketch of the stand-in");
            if (at * Long.BYTES == sketches.lengths()[row]) {
                return END;
            }
            return data.getLong(sketches.starts()[row] + at * Long.BYTES);
        });
    }

    @Override
    public boolean add(Slots slots, Column ids, long precision, Progress progress) {
        ByteBuffer data = ByteBuffer.wrap(ids.data());
        return forEachRow(
                slots,
                ids.rows(),
                progress,
                (row, at) -> at == 1 ? END : id(data.getLong(ids.starts()[row]), precision));
    }

    @Override
    public boolean addInt64(Slots slots, long[] values, int rows, long precision, Progress progress) {
        return forEachRow(slots, rows, progress, (row, at) -> at == 1 ? END : id(values[row], precision));
    }

    /** No more entries in this row. */
    private static final long END = Long.MIN_VALUE;
    /** An entry that is rejected. */
    static final long INVALID = Long.MAX_VALUE;

    private interface Entries {
        long entry(int row, int at);
    }

    private boolean forEachRow(Slots slots, int rows, Progress progress, Entries entries) {
        calls++;
        for (int row = progress.row(); row < rows; row++) {
            int at = (int) progress.at();
            if (waits(slots, row)) {
                slots.capacities()[row] = (int) -need(slots, row);
                progress.set(row + 1, 0, 0);
                continue;
            }
            for (long entry = entries.entry(row, at); entry != END; entry = entries.entry(row, ++at)) {
                if (entry == INVALID) {
                    throw new HeadcountException(ErrorCode.MALFORMED, row, "invalid");
                }
                if (!append(slots, row, entry)) {
                    // An entry is not taken twice here, so only a row without one that is taken can be set aside.
                    if (at > 0 || !slots.setAside() || random.nextInt(4) == 0) {
                        progress.set(row, at, need(slots, row));
                        return false;
                    }
                    slots.capacities()[row] = (int) -need(slots, row);
                    this.rows--;
                    break;
                }
            }
            progress.set(row + 1, 0, 0);
            this.rows++;
        }
        return true;
    }

    /** Whether a row of the same slot was set aside: the stand-in keeps the order of a slot's rows. */
    private static boolean waits(Slots slots, int row) {
        for (int before = 0; before < row; before++) {
            if (slots.capacities()[before] < 0 && slots.starts()[before] == slots.starts()[row]) {
                return true;
            }
        }
        return false;
    }

    private static boolean append(Slots slots, int row, long entry) {
        int word = slots.starts()[row] / Long.BYTES;
        int words = slots.capacities()[row] / Long.BYTES;
        assertEquals(0, slots.starts()[row] % Long.BYTES, "a slot's start");
        int count = (int) slots.chunk()[word];
        if (count + 1 >= words) {
            return false;
        }
        assertEquals(0, slots.chunk()[word + count + 1], "bytes that were not written yet");
        slots.chunk()[word + count + 1] = entry;
        slots.chunk()[word]++;
        return true;
    }

    /** At least one word more; often double, sometimes no multiple of 8. */
    private long need(Slots slots, int row) {
        int capacity = slots.capacities()[row];
        return random.nextInt(4) == 0 ? capacity + 1 + random.nextInt(40) : capacity * 2L;
    }

    @Override
    public boolean encode(Slots slots, int rows, byte[] out, int from, int[] ends, Progress progress) {
        int end = 0;
        for (int row = 0; row < rows; row++) {
            int word = slots.starts()[row] / Long.BYTES;
            int count = (int) slots.chunk()[word];
            int at = from + end;
            end += count * Long.BYTES;
            if (from + end <= out.length) {
                ByteBuffer.wrap(out, at, count * Long.BYTES).asLongBuffer().put(slots.chunk(), word + 1, count);
            }
            ends[row] = end;
        }
        progress.set(0, 0, end);
        return from + end <= out.length;
    }

    @Override
    public boolean histAggregate(Slots slots, Column arrays, Progress progress) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean histSum(Slots slots, Column arrays, Progress progress) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean histEncode(Slots slots, int rows, byte[] out, int from, int[] ends, Progress progress) {
        throw new UnsupportedOperationException();
    }
}
