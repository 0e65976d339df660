// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.ErrorCode;
import io.github.headcounthll.core.api.Functions;
import io.github.headcounthll.core.api.GroupedSketches;
import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.core.api.RowResults;
import io.github.headcounthll.core.api.Scalar;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The backend's calls with a real server: results, errors, and how states send their rows. */
class SidecarTest {
    private static SidecarServer server;
    private static Backend backend;
    private static Functions functions;

    @BeforeAll
    static void start() {
        server = SidecarServer.start();
        backend = Backends.at(server);
        functions = backend.functions();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static Column column(byte[]... rows) {
        int[] starts = new int[rows.length];
        int[] lengths = new int[rows.length];
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (int i = 0; i < rows.length; i++) {
            starts[i] = data.size();
            lengths[i] = rows[i].length;
            data.writeBytes(rows[i]);
        }
        return new Column(data.toByteArray(), starts, lengths, rows.length);
    }

    private static Column ids(int from, int to) {
        return column(IntStream.range(from, to).mapToObj(SidecarTest::id).toArray(byte[][]::new));
    }

    private static byte[] id(int number) {
        return "client-%08d".formatted(number).getBytes(StandardCharsets.UTF_8);
    }

    private static long cardinality(byte[] sketch) {
        return functions.cardinality(sketch, 0, sketch.length);
    }

    @Test
    void everyFunctionAnswers() {
        assertEquals("030cc50202", hex(functions.create("a".getBytes(StandardCharsets.UTF_8), 0, 1, 12)));
        assertEquals("0318", hex(functions.empty(24)));
        byte[] a = hex("030C010005");
        byte[] b = hex("030C020007");
        functions.check(a, 0, a.length);
        assertEquals(12, functions.precision(a, 0, a.length));
        assertEquals(1, cardinality(a));
        assertEquals(1.0, functions.estimate(a, 0, a.length), 0.01);
        assertEquals(2, functions.bounds(a, 0, a.length, 2).length);
        byte[] union = functions.union(a, 0, a.length, b, 0, b.length);
        assertEquals(2, cardinality(union));
        assertEquals(11, functions.precision(functions.reduce(a, 0, a.length, 11), 0, 5));
        assertEquals(0.5, functions.jaccard(a, 0, a.length, union, 0, union.length), 0.01);
        assertEquals(1.0, functions.intersection(a, 0, a.length, union, 0, union.length)[0], 0.01);
    }

    @Test
    void aColumnOfSeveralExchangesKeepsItsOrder() {
        int count = 60_000;
        Column sketches = functions.create(ids(0, count), 12);
        assertEquals(count, sketches.rows());
        for (int row : new int[] {0, 4095, 4096, 32_768, 59_999}) {
            byte[] id = id(row);
            assertArrayEquals(functions.create(id, 0, id.length, 12), sketches.row(row), "row " + row);
        }
    }

    @Test
    void columnErrorsNameTheRowAndMatchNative() {
        byte[][] rows = new byte[50_000][];
        Arrays.fill(rows, hex("030C"));
        rows[40_000] = hex("FF");
        HeadcountException thrown = assertThrows(HeadcountException.class, () -> functions.check(column(rows)));
        assertEquals(ErrorCode.MALFORMED, thrown.code());
        assertEquals(40_000, thrown.row());
        assertTrue(thrown.getMessage().startsWith("hll: "), thrown.getMessage());
    }

    @Test
    void columnResultsHaveAnErrorForEachInvalidRow() {
        RowResults answers = backend.columnFunctions()
                .answer(Scalar.CARDINALITY, column(hex("030C010005"), hex("FF"), hex("030C"), hex("02")), 0);
        answers.expect(0);
        assertEquals(1, answers.words()[0]);
        answers.expect(2);
        assertEquals(0, answers.words()[2]);
        for (int row : new int[] {1, 3}) {
            HeadcountException thrown = assertThrows(HeadcountException.class, () -> answers.expect(row));
            assertEquals(ErrorCode.MALFORMED, thrown.code());
            assertTrue(thrown.getMessage().startsWith("hll: "), thrown.getMessage());
        }
        RowResults reduced =
                backend.columnFunctions().answer(Scalar.REDUCE, column(hex("030C010005"), hex("030A010005")), 11);
        reduced.expect(0);
        assertEquals(11, reduced.sketches().row(0)[1]);
        assertEquals(
                ErrorCode.PRECISION_RANGE,
                assertThrows(HeadcountException.class, () -> reduced.expect(1)).code());
        assertEquals(
                0, backend.columnFunctions().answer(Scalar.CHECK, column(), 0).words().length);
    }

    @Test
    void invalidArgumentIsRejectedAsByNative() {
        assertEquals(
                ErrorCode.PRECISION_RANGE,
                assertThrows(HeadcountException.class, () -> functions.empty(3)).code());
        byte[] a = hex("030C010005");
        byte[] b = hex("030E010005");
        assertEquals(
                ErrorCode.PRECISION_MISMATCH,
                assertThrows(HeadcountException.class, () -> functions.union(a, 0, 5, b, 0, 5))
                        .code());
        assertEquals(
                ErrorCode.ARGUMENT,
                assertThrows(HeadcountException.class, () -> functions.bounds(a, 0, 5, 4))
                        .code());
    }

    @Test
    void groupsAreBuiltAndMerged() {
        GroupedSketches built = backend.newSketches(3);
        Column ids = ids(0, 10_000);
        for (int row = 0; row < ids.rows(); row++) {
            built.add(1, ids.data(), ids.starts()[row], ids.lengths()[row], 12);
            if (row < 1_000) {
                built.add(2, ids.data(), ids.starts()[row], ids.lengths()[row], 14);
            }
        }
        assertNull(built.sketch(0));
        assertNull(built.sketch(0));
        assertEquals(0, built.encode(0));
        // What Algebird counts in them: udf/conformance/vectors/hll/sets.jsonl.
        assertEquals(10_511, cardinality(built.sketch(1)));
        assertEquals(14, functions.precision(built.sketch(2), 0, built.sketch(2).length));
        GroupedSketches merged = backend.newSketches(1);
        for (int part = 0; part < 10; part++) {
            GroupedSketches one = backend.newSketches(1);
            for (int row = part; row < ids.rows(); row += 10) {
                one.add(0, ids.data(), ids.starts()[row], ids.lengths()[row], 12);
            }
            byte[] sketch = one.sketch(0);
            merged.merge(0, sketch, 0, sketch.length);
        }
        assertArrayEquals(built.sketch(1), merged.sketch(0));
    }

    @Test
    void integersCountAsTheirDecimalText() {
        GroupedSketches numbers = backend.newSketches(1);
        GroupedSketches texts = backend.newSketches(1);
        for (long value : new long[] {0, -1, 42, Long.MIN_VALUE}) {
            numbers.addLong(0, value, 12);
            byte[] text = Long.toString(value).getBytes(StandardCharsets.US_ASCII);
            texts.add(0, text, 0, text.length, 12);
        }
        assertArrayEquals(texts.sketch(0), numbers.sketch(0));
    }

    @Test
    void manyGroupsGrowAndTheirStateStaysCounted() {
        int groups = 5_000;
        GroupedSketches state = backend.newSketches(0);
        Column ids = ids(0, 100_000);
        state.ensureCapacity(groups);
        long most = 0;
        for (int row = 0; row < ids.rows(); row++) {
            state.add(row % groups, ids.data(), ids.starts()[row], ids.lengths()[row], 12);
            most = Math.max(most, state.retainedBytes());
        }
        for (int group : new int[] {0, 1, 4_999}) {
            GroupedSketches alone = backend.newSketches(1);
            for (int row = group; row < ids.rows(); row += groups) {
                alone.add(0, ids.data(), ids.starts()[row], ids.lengths()[row], 12);
            }
            assertArrayEquals(alone.sketch(0), state.sketch(group), "group " + group);
        }
        long waited = most;
        assertTrue(waited > ids.data().length, () -> "the array that waits is counted: " + waited);
        assertTrue(state.retainedBytes() > groups * 60L, "the groups' sketches are counted: " + state.retainedBytes());
    }

    @Test
    void aCopyIsIndependentAndTakesTheWaitingRowsAlong() {
        Column sketches = functions.create(ids(0, 3), 12);
        GroupedSketches one = backend.newSketches(1);
        one.merge(0, sketches.data(), sketches.starts()[0], sketches.lengths()[0]);
        GroupedSketches two = one.copy();
        one.merge(0, sketches.data(), sketches.starts()[1], sketches.lengths()[1]);
        two.merge(0, sketches.data(), sketches.starts()[2], sketches.lengths()[2]);
        assertEquals(2, cardinality(one.sketch(0)));
        assertEquals(2, cardinality(two.sketch(0)));
        byte[] all = functions.union(one.sketch(0), 0, one.sketch(0).length, two.sketch(0), 0, two.sketch(0).length);
        assertEquals(3, cardinality(all));
    }

    @Test
    void mixedPrecisionsInAGroupAreRejected() {
        GroupedSketches state = backend.newSketches(1);
        state.merge(0, hex("030C010005"), 0, 5);
        state.merge(0, hex("030E010005"), 0, 5);
        HeadcountException thrown = assertThrows(HeadcountException.class, state::flush);
        assertEquals(ErrorCode.PRECISION_MISMATCH, thrown.code());
        assertTrue(thrown.getMessage().contains("12") && thrown.getMessage().contains("14"), thrown.getMessage());
    }

    @Test
    void sketchesOfTheLargestPrecisionPass() {
        byte[] dense = new byte[2 + (1 << 24)];
        dense[0] = 2;
        dense[1] = 24;
        Arrays.fill(dense, 2, dense.length, (byte) 1);
        GroupedSketches state = backend.newSketches(1);
        state.merge(0, dense, 0, dense.length);
        state.merge(0, dense, 0, dense.length);
        assertArrayEquals(dense, state.sketch(0));
        assertEquals(24, functions.precision(dense, 0, dense.length));
    }
}
