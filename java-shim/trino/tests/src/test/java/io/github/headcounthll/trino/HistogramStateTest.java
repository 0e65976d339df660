// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trino.spi.block.ArrayBlock;
import io.trino.spi.block.ArrayBlockBuilder;
import io.trino.spi.block.Block;
import io.trino.spi.block.DictionaryBlock;
import io.trino.spi.block.LongArrayBlock;
import io.trino.spi.block.LongArrayBlockBuilder;
import io.trino.spi.type.BigintType;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The state of sums as Trino's generated code uses it, over the blocks of elements that there are. */
class HistogramStateTest {
    private static final int LENGTH = 102;
    private static final int ROWS = 1_000;
    /** More than a state of one group has without copies, and less than the copy of a block. */
    private static final long WITH_COPIES = 60_000;

    @BeforeAll
    static void load() {
        Servers.plugin().getTypes();
    }

    /** How a block holds its elements. */
    private enum Layout {
        WHOLE(elements -> new LongArrayBlock(elements.length, Optional.empty(), elements)),
        IN_A_LONGER_ARRAY(elements ->
                new LongArrayBlock(elements.length, Optional.empty(), Arrays.copyOf(elements, elements.length + 77))),
        BUILT(elements -> built(elements, false)),
        REGION(elements -> {
            long[] longer = new long[elements.length + 77];
            Arrays.fill(longer, -1);
            System.arraycopy(elements, 0, longer, 33, elements.length);
            return new LongArrayBlock(longer.length, Optional.empty(), longer).getRegion(33, elements.length);
        }),
        WITH_NULLS(elements -> built(elements, true)),
        DICTIONARY(elements -> DictionaryBlock.create(
                elements.length,
                new LongArrayBlock(
                        elements.length,
                        Optional.empty(),
                        IntStream.range(0, elements.length)
                                .mapToLong(i -> elements[elements.length - 1 - i])
                                .toArray()),
                IntStream.range(0, elements.length)
                        .map(i -> elements.length - 1 - i)
                        .toArray()));

        private final Function<long[], Block> of;

        Layout(Function<long[], Block> of) {
            this.of = of;
        }

        private static Block built(long[] elements, boolean nulls) {
            LongArrayBlockBuilder out = new LongArrayBlockBuilder(null, 3);
            for (int i = 0; i < elements.length; i++) {
                if (nulls && i % 5 == 0) {
                    out.appendNull();
                } else {
                    BigintType.BIGINT.writeLong(out, elements[i]);
                }
            }
            return out.build();
        }
    }

    private static ArrayBlock arrays(Block elements, int[] offsets) {
        return ArrayBlock.fromElementBlock(offsets.length - 1, Optional.empty(), offsets, elements);
    }

    private static long[] elements(Block block) {
        return IntStream.range(0, block.getPositionCount())
                .mapToLong(i -> block.isNull(i) ? 0 : BigintType.BIGINT.getLong(block, i))
                .toArray();
    }

    /** The sum of two arrays, whose last elements are added to each other. */
    private static long[] added(long[] a, long[] b, int ending) {
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

    private static long[] result(ArrayState state) {
        ArrayBlockBuilder out = new ArrayBlockBuilder(BigintType.BIGINT, null, 1);
        state.writeArray(out);
        ArrayBlock block = (ArrayBlock) out.build();
        return block.isNull(0) ? new long[0] : elements(block.getArray(0));
    }

    /** Arrays of many lengths, for plain sums also 0, with elements whose sums leave bigint; positions that are left out. */
    @ParameterizedTest
    @EnumSource(Layout.class)
    void everyLayout_HasTheSumsOfItsElements(Layout layout) {
        for (int ending : new int[] {0, 2}) {
            SplittableRandom random = new SplittableRandom(layout.ordinal());
            HeapArrayState state = (HeapArrayState)
                    (ending == 0
                            ? new ArrayStateFactory().createGroupedState()
                            : new HistogramStateFactory().createGroupedState());
            int groups = 5;
            state.ensureCapacity(groups);
            long[][] want = new long[groups][0];
            for (int page = 0; page < 3; page++) {
                int[] offsets = new int[ROWS + 1];
                for (int row = 0; row < ROWS; row++) {
                    int length = random.nextInt(4) == 0 ? ending + random.nextInt(LENGTH) : LENGTH;
                    offsets[row + 1] = offsets[row] + length;
                }
                Block elements = layout.of.apply(
                        random.longs(offsets[ROWS]).map(x -> x >> (x & 63)).toArray());
                ArrayBlock block = arrays(elements, offsets);
                if (page == 2) { // whose arrays begin within the block of elements
                    block = block.getRegion(10, ROWS - 20);
                }
                for (int row = 0; row < block.getPositionCount(); row++) {
                    if (random.nextInt(3) > 0) {
                        int group = random.nextInt(groups);
                        state.setGroupId(group);
                        state.add(block, row);
                        want[group] = added(want[group], elements(block.getArray(row)), ending);
                    }
                }
                state.getEstimatedSize();
            }
            for (int group = 0; group < groups; group++) {
                state.setGroupId(group);
                assertEquals(Arrays.toString(want[group]), Arrays.toString(result(state)), "group " + group);
            }
        }
    }

    /** The size of a state, at the end of a page of arrays with this layout. */
    private static long sizeAfter(Layout layout) {
        HeapArrayState state = (HeapArrayState) new HistogramStateFactory().createSingleState();
        Block elements = layout.of.apply(new long[ROWS * LENGTH]);
        ArrayBlock block = arrays(
                elements,
                IntStream.rangeClosed(0, ROWS).map(row -> row * LENGTH).toArray());
        for (int row = 0; row < ROWS; row++) {
            state.add(block, row);
        }
        long size = state.getEstimatedSize();
        assertEquals(LENGTH, result(state).length);
        return size;
    }

    /** With the library. The sidecar's rows are copies that wait. */
    @Test
    void elementsInAnArray_AreNotCopied() {
        boolean inPlace = Servers.BACKEND.equals("native");
        assertEquals(inPlace, sizeAfter(Layout.WHOLE) < WITH_COPIES);
        // Before this method is public, the first element may be anywhere in a longer array.
        boolean anywhere = inPlace
                && Arrays.stream(LongArrayBlock.class.getMethods())
                        .anyMatch(method -> method.getName().equals("getRawValuesOffset"));
        assertEquals(anywhere, sizeAfter(Layout.IN_A_LONGER_ARRAY) < WITH_COPIES);
        assertEquals(anywhere, sizeAfter(Layout.REGION) < WITH_COPIES);
        assertTrue(sizeAfter(Layout.WITH_NULLS) > WITH_COPIES);
        assertTrue(sizeAfter(Layout.DICTIONARY) > WITH_COPIES);
    }
}
