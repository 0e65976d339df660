// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.headcounthll.core.api.ArraySum;
import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.api.Bytes;
import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.ColumnFunctions;
import io.github.headcounthll.core.api.ErrorCode;
import io.github.headcounthll.core.api.Functions;
import io.github.headcounthll.core.api.GroupedSketches;
import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.core.api.RowResults;
import io.github.headcounthll.core.api.Scalar;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A backend that evaluates columns is called rarely, and each row gets its own result or error. */
class ScalarCallsTest {
    private final Texts texts = new Texts();
    private final ScalarCalls<FakeBlocks.Block, ByteBuffer> calls = new ScalarCalls<>(texts, new FakeBlocks());

    @Test
    void aBlockIsOneCall() {
        FakeBlocks.Block block = FakeBlocks.block("a", null, "ccc", "", null, "ffffff");
        List<Long> lengths = new ArrayList<>();
        for (int row = 0; row < 6; row++) {
            lengths.add(calls.int64(Scalar.CARDINALITY, block, row));
        }
        assertEquals(Arrays.asList(1L, null, 3L, 0L, null, 6L), lengths);
        assertEquals(List.of("CARDINALITY 0: a ccc  ffffff"), texts.calls);
    }

    @Test
    void aLargeBlockGoesInWindows() {
        String[] many = new String[10_000];
        Arrays.setAll(many, i -> "x".repeat(i % 5));
        FakeBlocks.Block block = FakeBlocks.block(many);
        for (int row = many.length - 1; row >= 0; row--) {
            assertEquals(row % 5, calls.int64(Scalar.PRECISION, block, row));
        }
        assertEquals(3, texts.calls.size());
    }

    @Test
    void errorOfRowIsThrownWhenTheRowIsRequested() {
        FakeBlocks.Block block = FakeBlocks.block("good", "bad", "fine");
        assertEquals(0L, calls.int64(Scalar.CHECK, block, 0));
        assertEquals(0L, calls.int64(Scalar.CHECK, block, 2));
        HeadcountException thrown = assertThrows(HeadcountException.class, () -> calls.int64(Scalar.CHECK, block, 1));
        assertEquals("bad", thrown.getMessage());
        assertEquals(1, texts.calls.size());
    }

    @Test
    void rowsThatPointIntoADictionaryShareItsCall() {
        FakeBlocks.Block dictionary = FakeBlocks.block("one", "three", null);
        for (int page = 0; page < 3; page++) {
            FakeBlocks.Block block = FakeBlocks.pointing(dictionary, 1, 1, 0, 2);
            assertEquals(5L, calls.int64(Scalar.CARDINALITY, block, 0));
            assertEquals(5L, calls.int64(Scalar.CARDINALITY, block, 1));
            assertEquals(3L, calls.int64(Scalar.CARDINALITY, block, 2));
            assertNull(calls.int64(Scalar.CARDINALITY, block, 3));
        }
        assertEquals(List.of("CARDINALITY 0: one three"), texts.calls);
    }

    @Test
    void aValueThatIsTheRowGoesByBlockToo() {
        FakeBlocks.Block block = FakeBlocks.block("a", "bb", "ccc");
        for (int row = 0; row < 3; row++) {
            calls.int64(Scalar.CHECK, block, row);
            ByteBuffer value = block.values()[row]; // what a cast gives back
            assertEquals(row + 1L, calls.int64(Scalar.CARDINALITY, value));
            assertArrayEquals(new double[] {row + 1, 2}, calls.float64(Scalar.BOUNDS, value, 2));
        }
        assertEquals(List.of("CHECK 0: a bb ccc", "CARDINALITY 0: a bb ccc", "BOUNDS 2: a bb ccc"), texts.calls);
    }

    @Test
    void aSketchThatWasGivenGoesOnByBlock() {
        FakeBlocks.Block block = FakeBlocks.block("a", null, "ccc");
        for (int row : new int[] {0, 2}) {
            ByteBuffer sketch = calls.sketch(Scalar.CREATE, block, row, 12);
            assertEquals("<" + FakeBlocks.text(block.values()[row]) + ">", FakeBlocks.text(sketch));
            assertEquals(row + 3L, calls.int64(Scalar.CARDINALITY, sketch));
        }
        assertEquals(List.of("CREATE 12: a ccc", "CARDINALITY 0: <a> <ccc>"), texts.calls);
    }

    @Test
    void anyOtherValueIsACallOfItsOwn() {
        FakeBlocks.Block block = FakeBlocks.block("a", "bb");
        calls.int64(Scalar.CHECK, block, 0);
        assertEquals(1L, calls.int64(Scalar.CARDINALITY, ByteBuffer.wrap(new byte[] {'a'})));
        assertEquals("<zz>", FakeBlocks.text(calls.sketch(Scalar.REDUCE, ByteBuffer.wrap(new byte[] {'z', 'z'}), 4)));
        assertEquals(List.of("CHECK 0: a bb", "CARDINALITY 0: a", "REDUCE 4: zz"), texts.calls);
    }

    @Test
    void aParameterThatChangesWithTheRowsGoesRowByRow() {
        String[] many = new String[100];
        Arrays.fill(many, "x");
        FakeBlocks.Block block = FakeBlocks.block(many);
        for (int row = 0; row < many.length; row++) {
            assertEquals("<x>", FakeBlocks.text(calls.sketch(Scalar.CREATE, block, row, row)));
        }
        long byBlock = texts.calls.stream()
                .filter(call -> call.length() > "CREATE 99: x".length())
                .count();
        assertEquals(3, byBlock, "blocks that were evaluated for one row each");
        assertEquals(many.length, texts.calls.size());
    }

    @Test
    void nullGivesNull() {
        assertNull(calls.int64(Scalar.CARDINALITY, null));
        assertNull(calls.float64(Scalar.ESTIMATE, null, 0));
        assertNull(calls.sketch(Scalar.CREATE, null, 12));
        assertEquals(List.of(), texts.calls);
    }

    /** A backend of texts: a cardinality is a length, a sketch a text in brackets, and "bad" is rejected. */
    private static final class Texts implements Backend, ColumnFunctions {
        /** What was asked. */
        private final List<String> calls = new ArrayList<>();

        @Override
        public RowResults answer(Scalar function, Column column, long parameter) {
            int rows = column.rows();
            String[] texts = new String[rows];
            HeadcountException[] errors = new HeadcountException[rows];
            for (int i = 0; i < rows; i++) {
                texts[i] = new String(column.row(i), StandardCharsets.US_ASCII);
                errors[i] = texts[i].equals("bad") ? new HeadcountException(ErrorCode.MALFORMED, i, texts[i]) : null;
            }
            calls.add(function + " " + parameter + ": " + String.join(" ", texts));
            return switch (function) {
                case CREATE, REDUCE -> new RowResults(null, bracketed(texts), errors);
                case BOUNDS -> new RowResults(bounds(texts, parameter), null, errors);
                case CHECK -> new RowResults(new long[rows], null, errors);
                default ->
                    new RowResults(
                            Arrays.stream(texts).mapToLong(String::length).toArray(), null, errors);
            };
        }

        private static long[] bounds(String[] texts, long sigmas) {
            long[] words = new long[2 * texts.length];
            for (int i = 0; i < texts.length; i++) {
                words[2 * i] = Double.doubleToLongBits(texts[i].length());
                words[2 * i + 1] = Double.doubleToLongBits(sigmas);
            }
            return words;
        }

        private static Column bracketed(String[] texts) {
            ColumnBuilder builder = new ColumnBuilder(texts.length);
            for (String text : texts) {
                byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.US_ASCII);
                builder.add(new Bytes(bytes, 0, bytes.length));
            }
            return builder.column();
        }

        @Override
        public ColumnFunctions columnFunctions() {
            return this;
        }

        @Override
        public Functions functions() {
            return null;
        }

        @Override
        public GroupedSketches newSketches(int groups) {
            throw new UnsupportedOperationException();
        }

        @Override
        public GroupedSketches newSums(ArraySum sum, int groups) {
            throw new UnsupportedOperationException();
        }
    }
}
