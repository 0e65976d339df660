// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.airlift.slice.Slice;
import io.airlift.slice.Slices;
import io.trino.spi.TrinoException;
import io.trino.spi.block.LongArrayBlock;
import io.trino.spi.block.VariableWidthBlock;
import io.trino.spi.block.VariableWidthBlockBuilder;
import io.trino.spi.function.AccumulatorState;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The state as Trino's generated code uses it, without a server. */
class SketchStateTest {
    private final SketchStateFactory factory = new SketchStateFactory();
    private final SketchStateSerializer serializer = new SketchStateSerializer();

    @BeforeAll
    static void load() {
        Servers.plugin().getTypes();
    }

    @Test
    void whatTravelsIsTheEncodedSketch() {
        SketchState state = factory.createSingleState();
        state.add(ids("a"), 0, 12);
        assertEquals("030cc50202", hex(serialize(state)));
    }

    @Test
    void anEmptyGroupTravelsAsNull() {
        VariableWidthBlockBuilder out = new VariableWidthBlockBuilder(null, 2, 0);
        serializer.serialize(factory.createSingleState(), out);
        HeapSketchState grouped = (HeapSketchState) factory.createGroupedState();
        grouped.ensureCapacity(1);
        grouped.setGroupId(0);
        serializer.serialize(grouped, out);
        VariableWidthBlock block = out.buildValueBlock();
        assertTrue(block.isNull(0) && block.isNull(1));
    }

    @Test
    void oneScratchStateCarriesManyRows() {
        VariableWidthBlockBuilder out = new VariableWidthBlockBuilder(null, 3, 0);
        for (String id : new String[] {"a", "b", "c"}) {
            SketchState state = factory.createSingleState();
            state.add(ids(id), 0, 12);
            serializer.serialize(state, out);
        }
        VariableWidthBlock partials = out.buildValueBlock();
        HeapSketchState grouped = (HeapSketchState) factory.createGroupedState();
        grouped.ensureCapacity(2);
        SketchState scratch = factory.createSingleState();
        for (int row = 0; row < 3; row++) {
            serializer.deserialize(partials, row, scratch);
            grouped.setGroupId(row % 2);
            grouped.combine(scratch);
        }
        grouped.setGroupId(0);
        assertEquals(2, count(serialize(grouped)));
        grouped.setGroupId(1);
        assertEquals(1, count(serialize(grouped)));
    }

    @Test
    void aPartialResultCanBeWrittenOnAndAddedTo() {
        SketchState scratch = factory.createSingleState();
        serializer.deserialize(block(HexFormat.of().parseHex("030cc50202")), 0, scratch);
        assertEquals("030cc50202", hex(serialize(scratch)));
        assertEquals("030cc50202", hex(serialize(scratch)));
        serializer.deserialize(block(HexFormat.of().parseHex("030c010005")), 0, scratch);
        assertEquals("030c010005", hex(serialize(scratch)));
        serializer.deserialize(block(HexFormat.of().parseHex("030cc50202")), 0, scratch);
        scratch.add(ids("b"), 0, 12);
        assertEquals(2, count(serialize(scratch)));
    }

    @Test
    void statesCombineWithoutATrip() {
        SketchState left = factory.createSingleState();
        SketchState right = factory.createSingleState();
        left.combine(right);
        left.add(ids("a"), 0, 12);
        right.add(ids("b"), 0, 12);
        left.combine(right);
        assertEquals(2, count(serialize(left)));
        assertEquals(1, count(serialize(right)));
    }

    @Test
    void aCopyLivesItsOwnLife() {
        SketchState state = factory.createSingleState();
        AccumulatorState ofNothing = state.copy();
        state.add(ids("a"), 0, 12);
        SketchState copy = (SketchState) state.copy();
        state.add(ids("b"), 0, 12);
        copy.add(ids("c"), 0, 12);
        copy.add(ids("d"), 0, 12);
        assertEquals(2, count(serialize(state)));
        assertEquals(3, count(serialize(copy)));
        assertEquals(0, serializeOrNull((SketchState) ofNothing).length());
    }

    /** Positions as they come with NULLs left out, of constants, and from one block after the other. */
    @Test
    void idsAreAddedInWhateverOrderTheyCome() {
        VariableWidthBlock letters = ids("a", "b", "c", "d", "e");
        VariableWidthBlock others = ids("a", "f");
        LongArrayBlock manyNumbers = numbers(LongStream.range(0, 1_000).toArray());
        SketchState state = factory.createSingleState();
        for (int position : new int[] {0, 1, 1, 1, 3, 4, 1, 0, 1}) {
            state.add(letters, position, 12);
        }
        assertEquals(4, count(serialize(state)));
        state.add(letters, 1, 12); // after the same, which was taken
        state.add(others, 0, 12);
        state.add(others, 1, 12);
        assertEquals(5, count(serialize(state)));
        SketchState ofNumbers = factory.createSingleState();
        SketchState ofTexts = factory.createSingleState();
        for (int position = 0; position < 1_000; position++) {
            ofNumbers.add(manyNumbers, position, 12);
            ofTexts.add(ids(Integer.toString(position)), 0, 12);
        }
        assertEquals(hex(serialize(ofTexts)), hex(serialize(ofNumbers)));
    }

    @Test
    void idsThatWaitAreAddedBeforeAnythingElse() {
        SketchState state = factory.createSingleState();
        state.add(ids("a"), 0, 12);
        state.add(numbers(1), 0, 12);
        state.merge(block(HexFormat.of().parseHex("030c010005")), 0);
        SketchState other = factory.createSingleState();
        other.add(ids("b"), 0, 12);
        other.combine(state);
        assertEquals(3, count(serialize(state)));
        assertEquals(4, count(serialize(other)));
        SketchState mixed = factory.createSingleState();
        mixed.add(ids("a"), 0, 12);
        mixed.add(ids("a"), 0, 13);
        assertThrows(TrinoException.class, () -> serialize(mixed));
    }

    @Test
    void groupsKeepWhatTheyHaveWhenMoreCome() {
        HeapSketchState grouped = (HeapSketchState) factory.createGroupedState();
        VariableWidthBlock dense = block(dense());
        for (int groups : new int[] {10, 200, 5_000}) {
            grouped.ensureCapacity(groups);
            for (int group = 0; group < groups; group++) {
                grouped.setGroupId(group);
                grouped.add(numbers(group), 0, 12);
                if (group % 3 == 0) {
                    grouped.merge(dense, 0);
                }
            }
        }
        for (int group = 0; group < 5_000; group++) {
            grouped.setGroupId(group);
            byte[] sketch = serialize(grouped).getBytes();
            assertEquals(group % 3 == 0 ? 4_098 : 5, sketch.length, "group " + group);
            SketchState one = factory.createSingleState();
            one.add(numbers(group), 0, 12);
            one.merge(block(sketch), 0);
            assertEquals(sketch.length, serialize(one).length());
            assertEquals(count(Slices.wrappedBuffer(sketch)), count(serialize(one)), "group " + group + " lost its id");
        }
    }

    @Test
    void sizeIsWhatIsHeld() {
        HeapSketchState grouped = (HeapSketchState) factory.createGroupedState();
        long empty = grouped.getEstimatedSize();
        assertClose(RetainedSize.of(grouped), empty);
        for (int groups : new int[] {1, 100, 5_000}) {
            grouped.ensureCapacity(groups);
            for (int i = 0; i < groups * 3; i++) {
                grouped.setGroupId(i % groups);
                grouped.add(numbers(i * 31L), 0, 12);
            }
            assertCounted(grouped);
        }
        VariableWidthBlock waiting = block(dense());
        for (int i = 0; i < 300; i++) {
            grouped.setGroupId(i);
            grouped.merge(waiting, 0);
        }
        assertCounted(grouped);
        for (int i = 0; i < 300; i++) {
            grouped.setGroupId(i);
            serialize(grouped);
        }
        assertCounted(grouped);
    }

    @Test
    void aSmallStateIsSmall() {
        SketchState state = factory.createSingleState();
        assertTrue(state.getEstimatedSize() < 100, () -> "empty: " + state.getEstimatedSize());
        state.add(numbers(1), 0, 12);
        assertTrue(state.getEstimatedSize() < 8_192, () -> "one id: " + state.getEstimatedSize());
    }

    /** Within 2 % and 2 KB of a walk over what is held: the buffers of the foreign calls are not walked. */
    /** Asking for the size takes the rows that wait, which may make a state larger: so it is walked after. */
    private static void assertCounted(SketchState state) {
        long estimated = state.getEstimatedSize();
        assertClose(RetainedSize.of(state), estimated);
    }

    private static void assertClose(long walked, long estimated) {
        assertTrue(
                Math.abs(walked - estimated) <= 2_048 + walked / 50,
                () -> "walked " + walked + ", estimated " + estimated);
    }

    private Slice serialize(SketchState state) {
        Slice bytes = serializeOrNull(state);
        assertTrue(bytes.length() > 0, "NULL");
        return bytes;
    }

    private Slice serializeOrNull(SketchState state) {
        VariableWidthBlockBuilder out = new VariableWidthBlockBuilder(null, 1, 0);
        serializer.serialize(state, out);
        VariableWidthBlock block = out.buildValueBlock();
        return block.isNull(0) ? Slices.EMPTY_SLICE : block.getSlice(0);
    }

    private static long count(Slice sketch) {
        return Scalars.CardinalityOfHll.value(sketch);
    }

    private static byte[] dense() {
        byte[] sketch = new byte[2 + 4096];
        sketch[0] = 2;
        sketch[1] = 12;
        java.util.Arrays.fill(sketch, 2, sketch.length, (byte) 3);
        return sketch;
    }

    private static VariableWidthBlock ids(String... ids) {
        VariableWidthBlockBuilder out = new VariableWidthBlockBuilder(null, ids.length, 0);
        for (String id : ids) {
            out.writeEntry(Slices.utf8Slice(id));
        }
        return out.buildValueBlock();
    }

    private static LongArrayBlock numbers(long... ids) {
        return new LongArrayBlock(ids.length, Optional.empty(), ids);
    }

    private static VariableWidthBlock block(byte[] row) {
        VariableWidthBlockBuilder out = new VariableWidthBlockBuilder(null, 1, 0);
        out.writeEntry(row, 0, row.length);
        return out.buildValueBlock();
    }

    private static String hex(Slice bytes) {
        return HexFormat.of().formatHex(bytes.getBytes());
    }
}
