// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.headcounthll.clib.Sketches.Block;
import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.ErrorCode;
import io.github.headcounthll.core.api.Functions;
import io.github.headcounthll.core.api.HeadcountException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The marshalling of arguments and results; the conformance vectors test the values. */
public abstract class FunctionsTests {
    private final Functions functions;

    protected FunctionsTests(Backend backend) {
        functions = backend.functions();
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static HeadcountException assertFails(ErrorCode code, Executable call) {
        HeadcountException thrown = assertThrows(HeadcountException.class, call);
        assertEquals(code, thrown.code(), thrown.getMessage());
        return thrown;
    }

    @Test
    void oneRowIsTakenFromTheMiddleOfAnArray() {
        byte[] array = hex("eeeeee" + "030cc50202" + "ee");
        functions.check(array, 3, 5);
        assertEquals(12, functions.precision(array, 3, 5));
        assertEquals(1, functions.cardinality(array, 3, 5));
        assertEquals(1.0, functions.compatibleEstimate(array, 3, 5), 0.001);
        assertEquals(1.0, functions.estimate(array, 3, 5), 0.001);
        assertArrayEquals(hex("030cc50202"), functions.union(array, 3, 5, array, 3, 5));
        assertArrayEquals(hex("030cc50202"), functions.reduce(array, 3, 5, 12));
        assertArrayEquals(hex("030cc50202"), functions.create("xax".getBytes(), 1, 1, 12));
        assertArrayEquals(hex("0307"), functions.empty(7));
    }

    @Test
    void errorNamesCauseAndPosition() {
        assertEquals(
                "hll: ends at byte 0: a sketch begins with a type byte (02 dense, 03 sparse) and a precision byte",
                assertFails(ErrorCode.MALFORMED, () -> functions.check(new byte[0], 0, 0))
                        .getMessage());
        byte[] bad = hex("030cffff02");
        assertFails(ErrorCode.MALFORMED, () -> functions.check(bad, 0, 5));
        assertFails(ErrorCode.MALFORMED, () -> functions.precision(bad, 0, 5));
        assertFails(ErrorCode.MALFORMED, () -> functions.cardinality(bad, 0, 5));
        assertFails(ErrorCode.MALFORMED, () -> functions.compatibleEstimate(bad, 0, 5));
        assertFails(ErrorCode.MALFORMED, () -> functions.union(bad, 0, 2, bad, 0, 5));
        assertFails(
                ErrorCode.PRECISION_MISMATCH, () -> functions.union(hex("030c010005"), 0, 5, hex("030d010005"), 0, 5));
        assertFails(ErrorCode.PRECISION_RANGE, () -> functions.reduce(hex("030c"), 0, 2, 13));
        for (long precision : new long[] {3, 25, -1, 1L << 33, Long.MIN_VALUE, (1L << 32) + 12}) {
            assertFails(ErrorCode.PRECISION_RANGE, () -> functions.create(hex("61"), 0, 1, precision));
            assertFails(ErrorCode.PRECISION_RANGE, () -> functions.empty(precision));
        }
    }

    @Test
    void rowOutsideItsArrayIsRejectedUnread() {
        byte[] array = hex("030c");
        assertThrows(RuntimeException.class, () -> functions.check(array, 1, 2));
        assertThrows(RuntimeException.class, () -> functions.cardinality(array, 0, -1));
        int[] zero = {0};
        for (int[] row : new int[][] {{1, 2}, {-1, 2}, {0, -1}, {Integer.MAX_VALUE, Integer.MAX_VALUE}}) {
            Column column = new Column(array, new int[] {row[0]}, new int[] {row[1]}, 1);
            assertThrows(RuntimeException.class, () -> functions.check(column));
            assertThrows(RuntimeException.class, () -> functions.cardinality(column, new long[1]));
        }
        assertThrows(IllegalArgumentException.class, () -> new Column(array, zero, zero, 2));
        Column two = new Column(array, new int[2], new int[] {2, 2}, 2);
        assertThrows(IndexOutOfBoundsException.class, () -> functions.cardinality(two, new long[1]));
        assertThrows(IndexOutOfBoundsException.class, () -> functions.bounds(two, 2, new double[3]));
        assertThrows(IllegalArgumentException.class, () -> functions.union(two, Column.of(array, 0, 2)));
    }

    @Test
    void aColumnGivesWhatItsRowsGive() {
        SplittableRandom random = new SplittableRandom(1);
        byte[][] rows = IntStream.range(0, 700)
                .mapToObj(i -> i % 3 == 0 ? Sketches.ofIds(functions, 12, i, i % 7) : Sketches.dense(12, random))
                .toArray(byte[][]::new);
        Column column = new Block(rows).column();
        long[] precisions = new long[rows.length];
        long[] cardinalities = new long[rows.length];
        double[] estimates = new double[rows.length];
        double[] improved = new double[rows.length];
        double[] bounds = new double[2 * rows.length];
        functions.check(column);
        functions.precision(column, precisions);
        functions.cardinality(column, cardinalities);
        functions.compatibleEstimate(column, estimates);
        functions.estimate(column, improved);
        functions.bounds(column, 2, bounds);
        Column unions = functions.union(column, column);
        Column reduced = functions.reduce(column, 5);
        for (int i = 0; i < rows.length; i++) {
            assertEquals(12, precisions[i]);
            assertEquals(functions.cardinality(rows[i], 0, rows[i].length), cardinalities[i]);
            assertEquals(functions.compatibleEstimate(rows[i], 0, rows[i].length), estimates[i]);
            assertEquals(functions.estimate(rows[i], 0, rows[i].length), improved[i]);
            assertArrayEquals(
                    functions.bounds(rows[i], 0, rows[i].length, 2), new double[] {bounds[2 * i], bounds[2 * i + 1]});
            assertArrayEquals(rows[i], unions.row(i));
            assertArrayEquals(functions.reduce(rows[i], 0, rows[i].length, 5), reduced.row(i));
        }
    }

    @Test
    void pairsGiveWhatTheirRowsGive() {
        SplittableRandom random = new SplittableRandom(2);
        byte[][] a =
                IntStream.range(0, 20).mapToObj(i -> Sketches.dense(8, random)).toArray(byte[][]::new);
        byte[][] b = IntStream.range(0, 20)
                .mapToObj(i -> Sketches.ofIds(functions, 8, i, 3))
                .toArray(byte[][]::new);
        double[] intersections = new double[60];
        double[] jaccards = new double[20];
        functions.intersection(new Block(a).column(), new Block(b).column(), intersections);
        functions.jaccard(new Block(a).column(), new Block(b).column(), jaccards);
        for (int i = 0; i < 20; i++) {
            assertArrayEquals(
                    functions.intersection(a[i], 0, a[i].length, b[i], 0, b[i].length),
                    Arrays.copyOfRange(intersections, 3 * i, 3 * i + 3));
            assertEquals(functions.jaccard(a[i], 0, a[i].length, b[i], 0, b[i].length), jaccards[i]);
            assertTrue(jaccards[i] >= 0 && jaccards[i] <= 1);
        }
    }

    @Test
    void createTakesAColumnOfIds() {
        byte[][] ids = IntStream.range(0, 2000).mapToObj(Sketches::id).toArray(byte[][]::new);
        for (int precision : new int[] {4, 12, 24}) {
            Column sketches = functions.create(new Block(ids).column(), precision);
            for (int i = 0; i < ids.length; i++) {
                assertArrayEquals(functions.create(ids[i], 0, ids[i].length, precision), sketches.row(i));
            }
        }
        assertEquals(0, functions.create(new Block().column(), 12).rows());
    }

    @Test
    void theRowAtFaultIsCountedInTheWholeColumn() {
        SplittableRandom random = new SplittableRandom(3);
        byte[][] rows = IntStream.range(0, 1000)
                .mapToObj(i -> Sketches.dense(12, random))
                .toArray(byte[][]::new);
        rows[777] = hex("02");
        Column column = new Block(rows).column();
        assertEquals(
                777,
                assertFails(ErrorCode.MALFORMED, () -> functions.check(column)).row());
        assertEquals(
                777,
                assertFails(ErrorCode.MALFORMED, () -> functions.cardinality(column, new long[1000]))
                        .row());
        assertEquals(
                777,
                assertFails(ErrorCode.MALFORMED, () -> functions.union(column, column))
                        .row());
        assertEquals(
                777,
                assertFails(ErrorCode.MALFORMED, () -> functions.jaccard(column, column, new double[1000]))
                        .row());
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 18, 20, 24})
    void largeSketchesAreTakenOffTheHeap(int precision) {
        SplittableRandom random = new SplittableRandom(precision);
        byte[] a = Sketches.dense(precision, random);
        byte[] b = Sketches.dense(precision, random);
        Block block = new Block(a, functions.empty(precision), b);
        functions.check(block.column());
        long[] cardinalities = new long[3];
        functions.cardinality(block.column(), cardinalities);
        assertEquals(functions.cardinality(b, 0, b.length), cardinalities[2]);
        assertEquals(0, cardinalities[1]);
        assertEquals(precision, functions.precision(a, 0, a.length));
        assertArrayEquals(Sketches.largest(a, b), Sketches.union(functions, a, b));
        assertArrayEquals(a, functions.union(block.column(), block.column()).row(0));
        assertArrayEquals(
                functions.reduce(functions.reduce(a, 0, a.length, 16), 0, 2 + (1 << 16), 12),
                functions.reduce(a, 0, a.length, 12));
        a[a.length - 1] = (byte) 0xff;
        assertEquals(
                0,
                assertFails(ErrorCode.MALFORMED, () -> functions.check(a, 0, a.length))
                        .row());
    }

    @Test
    void aUnionThatOutgrowsItsPartsGetsTheRoom() {
        byte[] a = Sketches.ofIds(functions, 12, 0, 200);
        byte[] b = Sketches.ofIds(functions, 12, 200, 200);
        assertTrue(a.length + b.length < 1300);
        assertEquals(4098, Sketches.union(functions, a, b).length);
        assertArrayEquals(
                Sketches.union(functions, a, b),
                functions.union(new Block(a).column(), new Block(b).column()).row(0));
    }
}
