// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.ErrorCode;
import io.github.headcounthll.core.api.GroupedSketches;
import io.github.headcounthll.core.api.HeadcountException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bookkeeping of slots and waiting rows, over a stand-in that asks for room as it likes. */
class SlotSketchesTest {
    private final FakeStates states = new FakeStates(new SplittableRandom(1));

    private GroupedSketches sketches(int groups) {
        return new SlotSketches(() -> states, null, groups);
    }

    private static byte[] longs(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES);
        bytes.asLongBuffer().put(values);
        return bytes.array();
    }

    /** A state and its expected contents: the entries of each group in order. */
    private static final class Twin {
        final GroupedSketches state;
        final List<List<Long>> expected = new ArrayList<>();

        Twin(GroupedSketches state) {
            this.state = state;
        }

        void groups(int count) {
            state.ensureCapacity(count);
            while (expected.size() < count) {
                expected.add(new ArrayList<>());
            }
        }

        Twin copy() {
            Twin copy = new Twin(state.copy());
            expected.forEach(entries -> copy.expected.add(new ArrayList<>(entries)));
            return copy;
        }

        void step(SplittableRandom random) {
            byte[] array = longs(random.longs(64).toArray());
            int kind = random.nextInt(5);
            for (int i = random.nextInt(700); i > 0; i--) {
                int group = (int) (random.nextDouble() * random.nextDouble() * expected.size());
                int from = random.nextInt(64);
                long precision = 4 + random.nextInt(100) / 99;
                switch (kind) {
                    case 0 -> merge(group, array, from, random.nextInt(64 - from + 1));
                    case 1 -> add(group, array, from, precision);
                    case 2 -> addLong(group, random.nextLong(), precision);
                    case 3 ->
                        addAll(
                                group,
                                array,
                                random.ints(random.nextInt(40), 0, 64).toArray(),
                                precision);
                    default ->
                        addAllLongs(group, random.longs(random.nextInt(40)).toArray(), precision);
                }
            }
        }

        void merge(int group, byte[] array, int from, int count) {
            state.merge(group, array, from * Long.BYTES, count * Long.BYTES);
            for (int i = from; i < from + count; i++) {
                expected.get(group).add(ByteBuffer.wrap(array).getLong(i * Long.BYTES));
            }
        }

        void add(int group, byte[] array, int from, long precision) {
            state.add(group, array, from * Long.BYTES, Long.BYTES, precision);
            expected.get(group).add(FakeStates.id(ByteBuffer.wrap(array).getLong(from * Long.BYTES), precision));
        }

        void addLong(int group, long value, long precision) {
            state.addLong(group, value, precision);
            expected.get(group).add(FakeStates.id(value, precision));
        }

        void addAll(int group, byte[] array, int[] at, long precision) {
            int[] starts = Arrays.stream(at).map(from -> from * Long.BYTES).toArray();
            int[] lengths = new int[at.length];
            Arrays.fill(lengths, Long.BYTES);
            state.addAll(group, new Column(array, starts, lengths, at.length), precision);
            for (int from : at) {
                expected.get(group).add(FakeStates.id(ByteBuffer.wrap(array).getLong(from * Long.BYTES), precision));
            }
        }

        void addAllLongs(int group, long[] values, long precision) {
            state.addAllLongs(group, values, values.length, precision);
            for (long value : values) {
                expected.get(group).add(FakeStates.id(value, precision));
            }
        }

        void check(int group) {
            long[] entries =
                    expected.get(group).stream().mapToLong(Long::longValue).toArray();
            int length = state.encode(group);
            assertEquals(entries.length * Long.BYTES, length, "group " + group);
            assertArrayEquals(longs(entries), sketch(state, length), "group " + group);
        }

        void checkAll() {
            for (int group = 0; group < expected.size(); group++) {
                check(group);
            }
        }
    }

    private static byte[] sketch(GroupedSketches state, int length) {
        return Arrays.copyOfRange(state.encoded(), state.encodedFrom(), state.encodedFrom() + length);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 17, 300, 20_000})
    void everyGroupHoldsWhatCameInInItsOrder(int groups) {
        for (int seed = 0; seed < 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Twin twin = new Twin(new SlotSketches(() -> new FakeStates(random.split()), null, 0));
            for (int step = 1; step <= 20; step++) {
                twin.groups(Math.max(1, groups * step / 20));
                twin.step(random);
                if (random.nextInt(5) == 0) {
                    twin.check(random.nextInt(twin.expected.size()));
                }
            }
            twin.checkAll();
        }
    }

    @Test
    void aCopyGoesItsOwnWay() {
        SplittableRandom random = new SplittableRandom(3);
        Twin twin = new Twin(new SlotSketches(() -> new FakeStates(random.split()), null, 0));
        twin.groups(50);
        twin.step(random);
        Twin copy = twin.copy();
        for (int i = 0; i < 10; i++) {
            twin.step(random);
            copy.step(random);
        }
        twin.checkAll();
        copy.checkAll();
    }

    @Test
    void slotsBeyondAChunkHaveOneOfTheirOwn() {
        SplittableRandom random = new SplittableRandom(4);
        Twin twin = new Twin(new SlotSketches(() -> new FakeStates(random.split()), null, 0));
        twin.groups(4);
        byte[] array = longs(random.longs(100_000).toArray());
        for (int i = 0; i < 12; i++) {
            twin.merge(i % 4, array, 0, 100_000);
            twin.merge(3, array, 7, 1);
        }
        twin.checkAll();
        assertTrue(twin.state.retainedBytes() < 100_000_000, "slots left behind are given up");
    }

    @Test
    void nothingIsThereUntilSomethingCameIn() {
        GroupedSketches state = sketches(10);
        assertNull(state.sketch(9));
        assertEquals(0, state.encode(9));
        assertNull(state.sketch(9));
        state.merge(9, longs(5), 0, 8);
        assertNotNull(state.sketch(9));
        assertNull(state.sketch(8));
        assertArrayEquals(longs(5), state.sketch(9));
    }

    @Test
    void sketchesWaitForABatch() {
        GroupedSketches state = sketches(1);
        byte[] array = longs(1);
        for (int i = 0; i < RowQueue.MOST_ROWS - 1; i++) {
            state.merge(0, array, 0, 8);
        }
        assertEquals(0, states.calls);
        state.merge(0, array, 0, 8);
        assertEquals(RowQueue.MOST_ROWS, states.rows);
    }

    @Test
    void manyIdsOfOneGroupGoInBatches() {
        GroupedSketches state = sketches(1);
        int most = RowQueue.MOST_ROWS;
        state.addAllLongs(0, new long[4 * most], 4 * most - 24, 12);
        assertEquals(3 * most, states.rows);
        assertThrows(IndexOutOfBoundsException.class, () -> state.addAllLongs(1 << 20, new long[1], 1, 12));
        state.flush();
        assertEquals(4 * most - 24, states.rows);
    }

    @Test
    void rowsWaitForAMegabyte() {
        GroupedSketches state = sketches(1);
        byte[] array = new byte[1 << 19];
        state.merge(0, array, 0, array.length);
        assertEquals(0, states.calls);
        state.merge(0, array, 0, array.length);
        assertEquals(2, states.rows);
    }

    @Test
    void aChangeOfArrayOrPrecisionOrKindEndsTheBatch() {
        GroupedSketches state = sketches(1);
        state.merge(0, longs(1), 0, 8);
        byte[] array = longs(2);
        state.merge(0, array, 0, 8);
        assertEquals(1, states.rows);
        state.add(0, array, 0, 8, 12);
        assertEquals(2, states.rows);
        state.add(0, array, 0, 8, 13);
        assertEquals(3, states.rows);
        state.addLong(0, 7, 13);
        assertEquals(4, states.rows);
        state.addLong(0, 7, 12);
        assertEquals(5, states.rows);
        state.flush();
        assertEquals(6, states.rows);
        assertArrayEquals(
                longs(1, 2, FakeStates.id(2, 12), FakeStates.id(2, 13), FakeStates.id(7, 13), FakeStates.id(7, 12)),
                state.sketch(0));
    }

    @Test
    void rowsOfOneChunkGoInOneCall() {
        GroupedSketches state = sketches(100);
        byte[] array = longs(1);
        for (int group = 0; group < 10; group++) {
            state.merge(group, array, 0, 8);
        }
        state.flush();
        assertEquals(1, states.calls);
    }

    @Test
    void aWaitingArrayIsCountedUntilItIsTaken() {
        GroupedSketches state = sketches(1);
        state.merge(0, longs(1), 0, 8);
        state.flush();
        long before = state.retainedBytes();
        state.merge(0, new byte[1 << 18], 0, 8);
        assertTrue(state.retainedBytes() >= before + (1 << 18));
        state.flush();
        assertTrue(state.retainedBytes() < before + 1000);
    }

    @Test
    void manySmallGroupsCostLittle() {
        int groups = 100_000;
        GroupedSketches state = sketches(0);
        byte[] array = longs(1);
        for (int group = 0; group < groups; group++) {
            state.ensureCapacity(group + 1);
            state.merge(group, array, 0, 8);
        }
        state.flush();
        assertTrue(state.retainedBytes() < groups * 40L, "24 bytes of slot, 8 of index and what is ahead of need");
    }

    @Test
    void oneGroupCostsLittle() {
        assertTrue(sketches(1).retainedBytes() < 2_000);
        GroupedSketches state = sketches(1);
        state.merge(0, longs(1), 0, 8);
        state.flush();
        assertTrue(state.retainedBytes() < 3_000);
    }

    @Test
    void invalidRowClearsTheQueue() {
        GroupedSketches state = sketches(2);
        byte[] array = longs(1, FakeStates.INVALID);
        state.merge(0, array, 0, 8);
        state.merge(1, array, 8, 8);
        HeadcountException thrown = assertThrows(HeadcountException.class, state::flush);
        assertEquals(ErrorCode.MALFORMED, thrown.code());
        assertEquals(1, thrown.row());
        state.flush();
        assertEquals(1, states.calls);
    }

    @Test
    void groupBeyondCapacityIsRejected() {
        GroupedSketches state = sketches(3);
        byte[] array = longs(1);
        assertThrows(IndexOutOfBoundsException.class, () -> state.merge(1 << 20, array, 0, 8));
        assertThrows(IndexOutOfBoundsException.class, () -> state.addLong(-1, 0, 12));
    }
}
