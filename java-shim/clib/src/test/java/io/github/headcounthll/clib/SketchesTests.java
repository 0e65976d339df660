// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.headcounthll.clib.Sketches.Block;
import io.github.headcounthll.core.api.ArraySum;
import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.api.ErrorCode;
import io.github.headcounthll.core.api.Functions;
import io.github.headcounthll.core.api.GroupedSketches;
import io.github.headcounthll.core.api.HeadcountException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Grouped states, compared with unions of one sketch after the other. */
public abstract class SketchesTests {
    private final Backend backend;
    private final Functions functions;

    protected SketchesTests(Backend backend) {
        this.backend = backend;
        functions = backend.functions();
    }

    private static void mergeAll(GroupedSketches state, int group, Block block) {
        for (int row = 0; row < block.starts.length; row++) {
            state.merge(group, block.array, block.starts[row], block.lengths[row]);
        }
    }

    @ParameterizedTest
    @CsvSource({"4,1", "4,40", "12,1", "12,7", "12,500", "14,3", "16,20"})
    void mergeGivesTheUnionOfEachGroup(int precision, int groups) {
        SplittableRandom random = new SplittableRandom(precision * 1000 + groups);
        byte[][] rows = IntStream.range(0, 40)
                .mapToObj(i -> i % 5 == 0
                        ? Sketches.dense(precision, random)
                        : Sketches.ofIds(functions, precision, random.nextInt(1000), random.nextInt(60)))
                .toArray(byte[][]::new);
        GroupedSketches state = backend.newSketches(groups);
        byte[][] expected = new byte[groups][];
        for (int page = 0; page < 4; page++) {
            Block block = new Block(rows);
            for (int i = 0; i < 600; i++) {
                int group = random.nextInt(groups);
                int row = random.nextInt(rows.length);
                state.merge(group, block.array, block.starts[row], block.lengths[row]);
                expected[group] = expected[group] == null
                        ? Sketches.union(functions, functions.empty(precision), rows[row])
                        : Sketches.union(functions, expected[group], rows[row]);
            }
        }
        for (int group = 0; group < groups; group++) {
            assertArrayEquals(expected[group], state.sketch(group), "group " + group);
        }
    }

    @ParameterizedTest
    @CsvSource({"4,100", "12,0", "12,1", "12,256", "12,257", "12,20000", "15,5000", "18,60000", "24,30000"})
    void addGivesTheSketchOfTheIds(int precision, int count) {
        byte[][] ids = IntStream.range(0, count).mapToObj(Sketches::id).toArray(byte[][]::new);
        Block block = new Block(ids);
        GroupedSketches added = backend.newSketches(1);
        GroupedSketches merged = backend.newSketches(1);
        for (int i = 0; i < count; i++) {
            added.add(0, block.array, block.starts[i], block.lengths[i], precision);
        }
        if (count == 0) {
            assertNull(added.sketch(0));
            return;
        }
        var sketches = functions.create(block.column(), precision);
        for (int i = 0; i < count; i++) {
            merged.merge(0, sketches.data(), sketches.starts()[i], sketches.lengths()[i]);
        }
        assertArrayEquals(merged.sketch(0), added.sketch(0));
    }

    @Test
    void anIntegerIsItsDecimalText() {
        long[] values = {0, 1, -1, 42, Long.MAX_VALUE, Long.MIN_VALUE, 1_000_000_007L};
        GroupedSketches state = backend.newSketches(values.length);
        for (int i = 0; i < values.length; i++) {
            state.addLong(i, values[i], 12);
        }
        for (int i = 0; i < values.length; i++) {
            byte[] text = Long.toString(values[i]).getBytes(StandardCharsets.US_ASCII);
            assertArrayEquals(functions.create(text, 0, text.length, 12), state.sketch(i));
        }
    }

    @Test
    void manyIntegersMeetManyGroups() {
        int groups = 1000;
        GroupedSketches state = backend.newSketches(groups);
        GroupedSketches texts = backend.newSketches(groups);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 300_000; i++) {
            int group = random.nextInt(groups);
            long value = random.nextLong();
            state.addLong(group, value, 12);
            if (group % 100 == 0) {
                byte[] text = Long.toString(value).getBytes(StandardCharsets.US_ASCII);
                texts.add(group, text, 0, text.length, 12);
            }
        }
        for (int group = 0; group < groups; group += 100) {
            assertArrayEquals(texts.sketch(group), state.sketch(group));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {18, 20, 24})
    void aLargeSketchIsTakenInPieces(int precision) {
        SplittableRandom random = new SplittableRandom(precision);
        byte[] a = Sketches.dense(precision, random);
        byte[] b = Sketches.dense(precision, random);
        byte[] sparse = Sketches.ofIds(functions, precision, 0, 50);
        GroupedSketches state = backend.newSketches(3);
        Block block = new Block(sparse, a, sparse, b);
        mergeAll(state, 0, block);
        mergeAll(state, 2, new Block(sparse));
        assertEquals(state.sketch(0).length, a.length);
        assertArrayEquals(Sketches.union(functions, Sketches.largest(a, b), sparse), state.sketch(0));
        assertNull(state.sketch(1));
        assertArrayEquals(sparse, state.sketch(2));
    }

    /** A sparse sketch of many entries is long work, and its slot grows in the middle of it. */
    @Test
    void rowsOfLongWorkStandAmongOthers() {
        byte[] small = Sketches.ofIds(functions, 20, 0, 20);
        byte[] large = built(20, 10_000, 9_000);
        byte[] larger = built(20, 15_000, 30_000);
        Block block = new Block(small, large, small, larger, large, small);
        GroupedSketches state = backend.newSketches(3);
        for (int row = 0; row < 6; row++) {
            state.merge(row % 2, block.array, block.starts[row], block.lengths[row]);
            state.merge(2, block.array, block.starts[row], block.lengths[row]);
        }
        assertEquals(3, small[0]);
        assertEquals(3, larger[0]);
        assertArrayEquals(Sketches.union(functions, small, large), state.sketch(0));
        assertArrayEquals(Sketches.union(functions, small, Sketches.union(functions, large, larger)), state.sketch(1));
        assertArrayEquals(state.sketch(1), state.sketch(2));
    }

    private byte[] built(int precision, int from, int count) {
        GroupedSketches state = backend.newSketches(1);
        for (int n = from; n < from + count; n++) {
            byte[] id = Sketches.id(n);
            state.add(0, id, 0, id.length, precision);
        }
        return state.sketch(0);
    }

    @Test
    void integersOfLongWorkAreTaken() {
        GroupedSketches state = backend.newSketches(2);
        GroupedSketches texts = backend.newSketches(2);
        for (int i = 0; i < 40_000; i++) {
            state.addLong(i % 2, i, 24);
            byte[] text = Integer.toString(i).getBytes(StandardCharsets.US_ASCII);
            texts.add(i % 2, text, 0, text.length, 24);
        }
        assertArrayEquals(texts.sketch(0), state.sketch(0));
        assertArrayEquals(texts.sketch(1), state.sketch(1));
    }

    @Test
    void aCopyGoesItsOwnWay() {
        byte[] a = Sketches.ofIds(functions, 12, 0, 10);
        byte[] b = Sketches.ofIds(functions, 12, 10, 10);
        GroupedSketches state = backend.newSketches(2);
        state.merge(0, a, 0, a.length);
        GroupedSketches copy = state.copy();
        copy.merge(0, b, 0, b.length);
        copy.merge(1, b, 0, b.length);
        assertArrayEquals(a, state.sketch(0));
        assertNull(state.sketch(1));
        assertArrayEquals(Sketches.union(functions, a, b), copy.sketch(0));
        assertNotNull(copy.sketch(1));
    }

    @Test
    void mixedPrecisionsInOneGroupAreRejected() {
        GroupedSketches state = backend.newSketches(2);
        byte[] a = Sketches.ofIds(functions, 12, 0, 3);
        byte[] b = Sketches.ofIds(functions, 13, 0, 3);
        state.merge(0, a, 0, a.length);
        state.merge(1, b, 0, b.length);
        state.merge(0, b, 0, b.length);
        HeadcountException thrown = assertThrows(HeadcountException.class, () -> state.encode(0));
        assertEquals(ErrorCode.PRECISION_MISMATCH, thrown.code());

        GroupedSketches added = backend.newSketches(1);
        added.addLong(0, 1, 12);
        added.addLong(0, 1, 13);
        assertEquals(
                ErrorCode.PRECISION_MISMATCH,
                assertThrows(HeadcountException.class, added::flush).code());
    }

    @Test
    void malformedSketchInsideABatchIsRejected() {
        byte[] good = Sketches.ofIds(functions, 12, 0, 3);
        for (byte[] bad : new byte[][] {{}, {2}, {3, 12, 1}, {4, 12}, {3, 25}, {2, 12, 0}}) {
            GroupedSketches state = backend.newSketches(10);
            Block block = new Block(good, good, bad, good);
            for (int row = 0; row < 4; row++) {
                state.merge(row % 3, block.array, block.starts[row], block.lengths[row]);
            }
            HeadcountException thrown = assertThrows(HeadcountException.class, () -> state.encode(0));
            assertEquals(ErrorCode.MALFORMED, thrown.code());
        }
        GroupedSketches state = backend.newSketches(1);
        state.merge(0, good, 0, good.length + 1);
        assertEquals(
                ErrorCode.ARGUMENT,
                assertThrows(HeadcountException.class, state::flush).code());
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 25, -1, 1L << 33, (1L << 32) + 12})
    void precisionOutOfRangeIsRejected(long precision) {
        GroupedSketches state = backend.newSketches(1);
        state.addLong(0, 1, precision);
        assertEquals(
                ErrorCode.PRECISION_RANGE,
                assertThrows(HeadcountException.class, state::flush).code());
    }

    @Test
    void anEmptySketchIsSomething() {
        GroupedSketches state = backend.newSketches(2);
        byte[] empty = functions.empty(9);
        state.merge(0, empty, 0, empty.length);
        assertNotNull(state.sketch(0));
        assertArrayEquals(empty, state.sketch(0));
        assertNull(state.sketch(1));
    }

    /** Half of the arrays in place, half encoded, of two lengths, with elements at the limits; 1,500 groups have several chunks. */
    @ParameterizedTest
    @CsvSource({"HISTOGRAMS,1", "HISTOGRAMS,7", "HISTOGRAMS,1500", "ARRAYS,1", "ARRAYS,1500"})
    void sumsAreThoseOfTheElements(ArraySum sum, int groups) {
        SplittableRandom random = new SplittableRandom(groups);
        GroupedSketches state = backend.newSums(sum, groups);
        assertTrue(state.takesElements());
        long[][] expected = new long[groups][];
        for (int page = 0; page < 4; page++) {
            long[] integers = random.longs(102 * 900)
                    .map(x -> x >> 20 + (x & 31) << (x & 96) / 3)
                    .toArray();
            byte[] encoded = new byte[integers.length * Long.BYTES];
            ByteBuffer.wrap(encoded)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asLongBuffer()
                    .put(integers);
            for (int row = 0; row < 900; row++) {
                int group = random.nextInt(groups);
                int from = row * 102;
                int length = random.nextInt(5) == 0 ? 2 + random.nextInt(100) : 102;
                if (page % 2 == 0) {
                    state.mergeElements(group, integers, from, length);
                } else {
                    state.merge(group, encoded, from * Long.BYTES, length * Long.BYTES);
                }
                long[] array = Arrays.copyOfRange(integers, from, from + length);
                expected[group] = expected[group] == null ? array : added(expected[group], array, sum);
            }
        }
        for (int group = 0; group < groups; group++) {
            byte[] got = state.sketch(group);
            long[] elements = got == null ? null : new long[got.length / Long.BYTES];
            if (got != null) {
                ByteBuffer.wrap(got)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asLongBuffer()
                        .get(elements);
            }
            assertArrayEquals(expected[group], elements, "group " + group);
        }
    }

    /** The sum of two arrays, element by element; those of histograms end with two elements that are added to each other. */
    private static long[] added(long[] a, long[] b, ArraySum sum) {
        int ending = sum == ArraySum.HISTOGRAMS ? 2 : 0;
        long[] result = new long[Math.max(a.length, b.length)];
        for (long[] array : new long[][] {a, b}) {
            for (int i = 0; i < array.length; i++) {
                int at = i < array.length - ending ? i : result.length - (array.length - i);
                BigInteger exact = BigInteger.valueOf(result[at]).add(BigInteger.valueOf(array[i]));
                result[at] = exact.bitLength() < Long.SIZE
                        ? exact.longValue()
                        : exact.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
            }
        }
        return result;
    }

    @Test
    void arraysOutsideTheirArrayAreRejected() {
        long[] integers = new long[20];
        for (int[] row : new int[][] {{19, 2}, {-1, 3}, {0, 21}}) {
            GroupedSketches state = backend.newSums(ArraySum.ARRAYS, 1);
            state.mergeElements(0, integers, row[0], row[1]);
            assertEquals(
                    ErrorCode.ARGUMENT,
                    assertThrows(HeadcountException.class, state::flush).code());
        }
    }

    @Test
    void smallGroupsCostLittleAndDenseOnesTheirRegisters() {
        int groups = 50_000;
        GroupedSketches state = backend.newSketches(groups);
        byte[] one = Sketches.ofIds(functions, 12, 0, 1);
        for (int group = 0; group < groups; group++) {
            state.merge(group, one, 0, one.length);
        }
        state.flush();
        assertTrue(state.retainedBytes() < groups * 32L, state.retainedBytes() + " bytes");
        GroupedSketches dense = backend.newSketches(2000);
        byte[] row = Sketches.dense(12, new SplittableRandom(1));
        for (int group = 0; group < 2000; group++) {
            dense.merge(group, row, 0, row.length);
        }
        dense.flush();
        assertTrue(dense.retainedBytes() < 2000 * 4112 * 1.35, dense.retainedBytes() + " bytes");
    }
}
