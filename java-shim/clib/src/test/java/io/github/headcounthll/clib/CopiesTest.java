// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.ErrorCode;
import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.core.state.Slots;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is copied of columns and of slots for a call that does not take them as they lie. */
class CopiesTest {
    private static final byte[] DATA = new byte[1000];

    static {
        for (int i = 0; i < DATA.length; i++) {
            DATA[i] = (byte) i;
        }
    }

    private static Copies rows(Column column, int from, int to) {
        Copies call = new Copies(CFunction.CHECK);
        call.rows(column, from, to);
        return call;
    }

    private static void assertRows(Column column, int from, int to, Copies call) {
        for (int row = from; row < to; row++) {
            int start = call.ints(2)[row - from];
            assertArrayEquals(
                    column.row(row), Arrays.copyOfRange(call.bytes(0), start, start + call.ints(3)[row - from]));
        }
        assertEquals((long) call.bytes(0).length, call.arguments.get(1));
    }

    @Test
    void rowsThatLieTogetherAreCopiedAtOnceInAnyOrder() {
        Column column = new Column(DATA, new int[] {500, 120, 100, 110, 105}, new int[] {1, 10, 5, 10, 5}, 5);
        Copies call = rows(column, 1, 5);
        assertRows(column, 1, 5, call);
        assertEquals(30, call.bytes(0).length);
    }

    @Test
    void whatLiesBetweenRowsFarApartStays() {
        Column column = new Column(DATA, new int[] {900, 0, 450}, new int[] {10, 10, 0}, 3);
        Copies call = rows(column, 0, 3);
        assertRows(column, 0, 3, call);
        assertEquals(20, call.bytes(0).length);
    }

    /** As bytes, whether they lie together or far apart. */
    @Test
    void rowsOfIntegersAreCopiedAsBytes() {
        long[] integers = IntStream.range(0, 1000).asLongStream().toArray();
        for (int second : new int[] {80, 7000}) {
            Column column = new Column(integers, new int[] {160, second, 0}, new int[] {40, 80, 0}, 3);
            Copies call = rows(column, 0, 2);
            assertRows(column, 0, 2, call);
            assertEquals(120, call.bytes(0).length);
        }
    }

    @Test
    void noRowsAreNoBytes() {
        assertEquals(0, rows(new Column(DATA, new int[0], new int[0], 0), 0, 0).bytes(0).length);
    }

    @Test
    void rowOutsideItsColumnIsReportedByIndex() {
        for (int[] bad : new int[][] {{-1, 1}, {0, -1}, {1000, 1}, {1, 1000}, {Integer.MAX_VALUE, Integer.MAX_VALUE}}) {
            Column column = new Column(DATA, new int[] {0, 0, bad[0]}, new int[] {1, 1, bad[1]}, 3);
            HeadcountException thrown = assertThrows(HeadcountException.class, () -> rows(column, 1, 3));
            assertEquals(ErrorCode.ARGUMENT, thrown.code());
            assertEquals(2, thrown.row());
        }
    }

    private static Slots slots(int[] starts, int capacity) {
        long[] chunk = IntStream.range(0, 10_000).asLongStream().toArray();
        int[] capacities = new int[starts.length];
        Arrays.fill(capacities, capacity);
        return Slots.of(chunk, starts, capacities);
    }

    @Test
    void aSlotThatManyRowsNameIsCopiedOnce() {
        int[] starts = IntStream.range(0, 200).map(i -> i * 7 % 10 * 64).toArray();
        SlotCopies copies = SlotCopies.of(slots(starts, 64), null, 0, 200);
        Copies call = new Copies(CFunction.STATE_MERGE);
        copies.addTo(call);
        assertEquals(200, copies.rows());
        assertEquals(640, call.bytes(0).length);
        for (int row = 0; row < 200; row++) {
            // The chunk's words are their own numbers.
            assertEquals(starts[row] / 8 & 0xff, call.bytes(0)[call.ints(2)[row]] & 0xff, "row " + row);
        }
    }

    @Test
    void slotsThatMeetInTheTableKeepApart() {
        int[] starts = IntStream.range(0, 256).map(i -> i * 256).toArray();
        SlotCopies copies = SlotCopies.of(slots(starts, 8), null, 0, 256);
        Copies call = new Copies(CFunction.STATE_MERGE);
        copies.addTo(call);
        assertArrayEquals(IntStream.range(0, 256).map(i -> i * 8).toArray(), call.ints(2));
    }

    @Test
    void aCallHasAsManyRowsAsStayInTheCacheAndAtLeastOne() {
        int[] starts = new int[1000];
        int[] lengths = new int[1000];
        Arrays.fill(lengths, 4098);
        SlotCopies copies = SlotCopies.of(slots(starts, 4096), lengths, 3, 1000);
        assertEquals(3, copies.from());
        assertTrue(copies.rows() > 10 && copies.rows() < 256, copies.rows() + " rows");
        Arrays.fill(lengths, 16 << 20);
        assertEquals(1, SlotCopies.of(slots(starts, 4096), lengths, 3, 1000).rows());
        assertEquals(256, SlotCopies.of(slots(starts, 8), null, 3, 1000).rows());
    }
}
