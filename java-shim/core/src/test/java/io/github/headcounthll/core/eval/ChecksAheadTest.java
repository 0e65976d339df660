// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.headcounthll.core.api.Arguments;
import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.ErrorCode;
import io.github.headcounthll.core.api.Functions;
import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.core.api.Scalar;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Rows are checked ahead in few calls, few in vain, and each row gets its own answer. */
class ChecksAheadTest {
    private static final String VALID = "good";
    private static final String INVALID = "bad";

    private final Texts texts = new Texts();
    private final ChecksAhead<FakeBlocks.Block, ByteBuffer> checks = new ChecksAhead<>(texts, new FakeBlocks());

    @Test
    void theRowsOfABlockAreFewCalls() {
        FakeBlocks.Block block = rows(1_000);
        for (int row = 0; row < 1_000; row++) {
            checks.check(block, row);
        }
        // 1, 2, 4 ... 64, and then 128 at a time.
        assertEquals(7 + 7, texts.calls);
        assertEquals(1_000, texts.rows);
    }

    @Test
    void theErrorOfARowIsThrownWhenTheRowIsRequested() {
        String[] values = new String[1_000];
        Arrays.fill(values, VALID);
        values[100] = INVALID;
        values[101] = INVALID;
        values[500] = INVALID;
        FakeBlocks.Block block = FakeBlocks.block(values);
        for (int row = 0; row < values.length; row++) {
            if (values[row].equals(VALID)) {
                checks.check(block, row);
            }
        }
        for (int round = 0; round < 2; round++) {
            for (int row : new int[] {100, 101, 500}) {
                HeadcountException thrown = assertThrows(HeadcountException.class, () -> checks.check(block, row));
                assertEquals(INVALID, thrown.getMessage());
                assertEquals(0, thrown.row(), "the row of a call of its own");
                checks.check(block, row + 2);
            }
        }
    }

    @Test
    void rowsOfNullAreSkipped() {
        String[] values = new String[3_000];
        Arrays.setAll(values, i -> i % 3 == 0 ? VALID : null);
        values[150] = INVALID;
        FakeBlocks.Block block = FakeBlocks.block(values);
        for (int row = 0; row < 3_000; row += 3) {
            if (row != 150) {
                checks.check(block, row);
            }
        }
        assertThrows(HeadcountException.class, () -> checks.check(block, 150));
        assertTrue(texts.calls < 50, texts.calls + " calls");
    }

    @Test
    void oneRowOfABlockIsCheckedAlone() {
        for (int i = 0; i < 100; i++) {
            checks.check(rows(50), i % 50);
        }
        assertEquals(100, texts.rows);
    }

    @Test
    void fewRowsAreCheckedInVain() {
        Random random = new Random(1);
        for (int oneIn : new int[] {2, 3, 10, 100}) {
            texts.rows = 0;
            int requested = 0;
            for (int blocks = 0; blocks < 20; blocks++) {
                FakeBlocks.Block block = rows(2_000);
                for (int row = 0; row < 2_000; row++) {
                    if (random.nextInt(oneIn) == 0) {
                        checks.check(block, row);
                        requested++;
                    }
                }
            }
            assertTrue(
                    texts.rows <= 3 * requested, texts.rows + " rows checked for " + requested + " of one in " + oneIn);
        }
    }

    /** As a filter leaves them out, such as rows of no bytes. */
    @Test
    void invalidRowsThatAreNeverRequestedCostFewCalls() {
        String[] values = new String[8_000];
        Arrays.setAll(values, i -> i % 2 == 0 ? VALID : INVALID);
        FakeBlocks.Block block = FakeBlocks.block(values);
        for (int row = 0; row < values.length; row += 2) {
            checks.check(block, row);
        }
        assertTrue(texts.calls <= 4_000 + 20, texts.calls + " calls for 4,000 rows");
    }

    @Test
    void columnsThatAreReadInTurnsAreBothCheckedAhead() {
        List<FakeBlocks.Block> columns = List.of(rows(1_000), rows(1_000), rows(1_000));
        for (int row = 0; row < 1_000; row++) {
            for (FakeBlocks.Block column : columns) {
                checks.check(column, row);
            }
        }
        assertEquals(3_000, texts.rows);
        assertTrue(texts.calls <= 3 * 15, texts.calls + " calls");
    }

    @Test
    void rowsInAnyOrderGetTheirAnswer() {
        Random random = new Random(2);
        String[] values = new String[500];
        Arrays.setAll(values, i -> random.nextInt(5) == 0 ? INVALID : VALID);
        FakeBlocks.Block block = FakeBlocks.block(values);
        for (int i = 0; i < 20_000; i++) {
            int row = random.nextInt(500);
            // Sometimes a run of rows, which are checked ahead.
            for (int end = Math.min(500, row + random.nextInt(40)); row < end; row++) {
                expect(values[row], block, row);
            }
        }
    }

    private void expect(String value, FakeBlocks.Block block, int row) {
        if (value.equals(VALID)) {
            checks.check(block, row);
        } else {
            assertThrows(HeadcountException.class, () -> checks.check(block, row));
        }
    }

    @Test
    void rowsOfOtherArraysAreCheckedToo() {
        FakeBlocks.Block[] parts = {rows(5), rows(5), FakeBlocks.block(VALID, INVALID)};
        ByteBuffer[] values = Arrays.stream(parts)
                .flatMap(part -> Arrays.stream(part.values()))
                .toArray(ByteBuffer[]::new);
        FakeBlocks.Block block = new FakeBlocks.Block(values, null, null);
        for (int row = 0; row < 11; row++) {
            checks.check(block, row);
        }
        assertThrows(HeadcountException.class, () -> checks.check(block, 11));
    }

    @Test
    void threadsDoNotShareWhatTheyKnow() throws Exception {
        String[] values = new String[3_000];
        Arrays.setAll(values, i -> i % 700 == 699 ? INVALID : VALID);
        FakeBlocks.Block block = FakeBlocks.block(values);
        ChecksAhead<FakeBlocks.Block, ByteBuffer> shared = new ChecksAhead<>(new Quiet(), new FakeBlocks());
        try (var closing = new Closing(Executors.newFixedThreadPool(4))) {
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int task = 0; task < 16; task++) {
                int from = task * 13;
                tasks.add(() -> {
                    int invalid = 0;
                    for (int i = 0; i < values.length; i++) {
                        try {
                            shared.check(block, (from + i) % values.length);
                        } catch (HeadcountException e) {
                            invalid++;
                        }
                    }
                    return invalid;
                });
            }
            for (var found : closing.threads().invokeAll(tasks)) {
                assertEquals(4, found.get());
            }
        }
    }

    /** Closes threads: an executor closes itself from Java 19 on. */
    private record Closing(ExecutorService threads) implements AutoCloseable {
        @Override
        public void close() {
            threads.shutdownNow();
        }
    }

    @Test
    void aBlockIsNotKept() throws InterruptedException {
        WeakReference<FakeBlocks.Block> dropped = checkedAndDropped();
        for (int i = 0; i < 50 && dropped.get() != null; i++) {
            System.gc();
            Thread.sleep(20);
        }
        assertEquals(null, dropped.get());
        checks.check(rows(3), 2);
    }

    private WeakReference<FakeBlocks.Block> checkedAndDropped() {
        FakeBlocks.Block block = rows(100);
        for (int row = 0; row < 50; row++) {
            checks.check(block, row);
        }
        return new WeakReference<>(block);
    }

    private static FakeBlocks.Block rows(int count) {
        String[] values = new String[count];
        Arrays.fill(values, VALID);
        return FakeBlocks.block(values);
    }

    /** Rejects "bad". */
    private static class Quiet implements Functions {
        @Override
        public void check(Scalar function, Arguments arguments) {
            for (int row = 0; row < arguments.rows(); row++) {
                String text = new String(arguments.a().row(row), StandardCharsets.US_ASCII);
                if (text.equals(INVALID)) {
                    throw new HeadcountException(ErrorCode.MALFORMED, row, text);
                }
            }
        }

        @Override
        public void int64(Scalar function, Arguments arguments, long[] out) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void float64(Scalar function, Arguments arguments, double[] out) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Column sketches(Scalar function, Arguments arguments) {
            throw new UnsupportedOperationException();
        }
    }

    /** The same, and counts what was asked. */
    private static final class Texts extends Quiet {
        private int calls;
        private int rows;

        @Override
        public void check(Scalar function, Arguments arguments) {
            calls++;
            rows += arguments.rows();
            super.check(function, arguments);
        }
    }
}
