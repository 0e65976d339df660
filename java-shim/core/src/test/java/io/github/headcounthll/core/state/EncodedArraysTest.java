// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.headcounthll.core.api.GroupedSketches;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedArraysTest {
    private static final int BLOCK = 100_000;

    /** Counts the elements, and puts some bytes of its own before them. */
    private static final class CountingWriter implements EncodedArrays.Writer<long[]> {
        private long written;

        @Override
        public int write(long[] elements, int from, int count, byte[] into, int at) {
            Arrays.fill(into, at, at + count * Long.BYTES + EncodedArrays.MARGIN, (byte) -1);
            written += count;
            int start = at + 5;
            for (int i = 0; i < count; i++) {
                EncodedArrays.put(into, start + i * Long.BYTES, elements[from + i]);
            }
            return start;
        }
    }

    /** Queues rows, and reads them when it is flushed. */
    private static final class Queue {
        private record Row(byte[] array, int start, int length) {}

        private final boolean flushesPages;
        private boolean takesElements;
        private final List<Row> rows = new ArrayList<>();
        private final List<Long> read = new ArrayList<>();
        private final GroupedSketches sums = (GroupedSketches) Proxy.newProxyInstance(
                Queue.class.getClassLoader(),
                new Class<?>[] {GroupedSketches.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "merge" ->
                        rows.add(new Row((byte[]) arguments[1], (int) arguments[2], (int) arguments[3])) ? null : null;
                    case "mergeElements" ->
                        rows.add(inPlace((long[]) arguments[1], (int) arguments[2], (int) arguments[3])) ? null : null;
                    case "pageDone" -> pageDone();
                    case "takesElements" -> takesElements;
                    default -> throw new UnsupportedOperationException(method.getName());
                });

        private Queue(boolean flushesPages) {
            this.flushesPages = flushesPages;
        }

        private static Row inPlace(long[] array, int from, int count) {
            byte[] encoded = new byte[count * Long.BYTES];
            for (int i = 0; i < count; i++) {
                EncodedArrays.put(encoded, i * Long.BYTES, array[from + i]);
            }
            return new Row(encoded, 0, encoded.length);
        }

        private boolean pageDone() {
            if (flushesPages) {
                flush();
            }
            return flushesPages;
        }

        private void flush() {
            for (Row row : rows) {
                for (int at = row.start; at < row.start + row.length; at += Long.BYTES) {
                    read.add(EncodedArrays.element(row.array, at));
                }
            }
            rows.clear();
        }
    }

    private static long[] block(int size) {
        return new Random(7).longs(size).toArray();
    }

    private static List<Long> merge(Queue queue, EncodedArrays<long[]> arrays, long[] block, int from, int length) {
        arrays.merge(queue.sums, 0, block, block.length, from, length);
        return Arrays.stream(block, from, from + length).boxed().toList();
    }

    /** Blocks of many sizes, with rows that follow each other, that leave gaps, and that go back. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rows_AreQueuedAsTheyAreInTheBlock(boolean flushesPages) {
        Random random = new Random(1);
        Queue queue = new Queue(flushesPages);
        EncodedArrays<long[]> arrays = new EncodedArrays<>(block -> null, new CountingWriter());
        List<Long> want = new ArrayList<>();
        for (int size : new int[] {0, 1, 10, 5_000, BLOCK, 3, 70_000}) {
            long[] block = block(size);
            for (int from = 0; from < size; ) {
                int length = Math.min(random.nextInt(400), size - from);
                want.addAll(merge(queue, arrays, block, from, length));
                from += length + (random.nextInt(10) == 0 ? random.nextInt(1_000) - 200 : 0);
                from = Math.max(from, 0);
            }
            arrays.release();
        }
        queue.flush();
        assertEquals(want, queue.read);
    }

    @Test
    void consecutiveRows_AreWrittenOnceInAFixedAmountOfMemory() {
        CountingWriter writer = new CountingWriter();
        EncodedArrays<long[]> arrays = new EncodedArrays<>(block -> null, writer);
        Queue queue = new Queue(true);
        long[] block = block(BLOCK);
        for (int from = 0; from < BLOCK; from += 100) {
            merge(queue, arrays, block, from, 100);
        }
        assertTrue(writer.written < BLOCK + BLOCK / 2, () -> writer.written + " elements written");
        assertTrue(arrays.retainedBytes() < 300_000, () -> arrays.retainedBytes() + " bytes");
    }

    @Test
    void sparseRows_CostNoMoreThanTwiceTheirElements() {
        CountingWriter writer = new CountingWriter();
        EncodedArrays<long[]> arrays = new EncodedArrays<>(block -> null, writer);
        Queue queue = new Queue(true);
        long[] block = block(BLOCK);
        int used = 0;
        for (int from = 0; from < BLOCK; from += 10_000) {
            merge(queue, arrays, block, from, 10);
            used += 10;
        }
        assertTrue(writer.written <= 2 * used, writer.written + " elements written for " + used);
    }

    /** Of three blocks two are in place, one of them in an array with other elements before. */
    @Test
    void elementsInPlace_AreNotWritten() {
        CountingWriter writer = new CountingWriter();
        long[] first = block(1_000);
        long[] copied = block(300);
        long[] inner = block(1_000);
        long[] outer = new long[1_500];
        System.arraycopy(inner, 0, outer, 400, 1_000);
        EncodedArrays<long[]> arrays = new EncodedArrays<>(
                block -> block == copied
                        ? null
                        : block == inner ? new EncodedArrays.InPlace(outer, 400) : new EncodedArrays.InPlace(block, 0),
                writer);
        Queue queue = new Queue(true);
        queue.takesElements = true;
        List<Long> want = new ArrayList<>();
        for (long[] block : List.of(first, copied, inner, copied, first)) {
            for (int from = 0; from < block.length; from += 100) {
                want.addAll(merge(queue, arrays, block, from, 100));
            }
        }
        queue.flush();
        assertEquals(want, queue.read);
        assertTrue(writer.written <= 2 * (300 + 400), () -> writer.written + " elements written");
        arrays.release();
        writer.written = 0;
        long retained = arrays.retainedBytes();
        merge(queue, arrays, first, 0, 1_000);
        assertEquals(0, writer.written);
        assertEquals(retained, arrays.retainedBytes());
    }

    @Test
    void aBackendThatTakesNoElements_GetsThemWritten() {
        CountingWriter writer = new CountingWriter();
        EncodedArrays<long[]> arrays = new EncodedArrays<>(block -> new EncodedArrays.InPlace(block, 0), writer);
        Queue queue = new Queue(true);
        List<Long> want = merge(queue, arrays, block(10), 2, 5);
        queue.flush();
        assertEquals(want, queue.read);
        assertTrue(writer.written >= 5, () -> writer.written + " elements written");
    }

    @Test
    void anErrorOfTheWriter_LeavesNoWindow() {
        boolean[] fails = {true};
        CountingWriter writer = new CountingWriter();
        EncodedArrays<long[]> arrays = new EncodedArrays<>(block -> null, (elements, from, count, into, at) -> {
            if (fails[0]) {
                throw new IllegalStateException("no elements");
            }
            return writer.write(elements, from, count, into, at);
        });
        Queue queue = new Queue(true);
        long[] block = block(10);
        assertThrows(IllegalStateException.class, () -> merge(queue, arrays, block, 0, 10));
        fails[0] = false;
        List<Long> want = merge(queue, arrays, block, 0, 10);
        queue.flush();
        assertEquals(want, queue.read);
    }
}
