// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.airlift.slice.Slice;
import io.airlift.slice.Slices;
import io.trino.spi.block.Block;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.block.PageBuilderStatus;
import io.trino.spi.block.RunLengthEncodedBlock;
import io.trino.spi.block.VariableWidthBlock;
import io.trino.spi.block.VariableWidthBlockBuilder;
import io.trino.spi.type.Type;
import io.trino.spi.type.VarbinaryType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Blocks of HLL have the values that were written, over the same array where these lie one after the other. */
class HllBlockBuilderTest {
    private static final Type HLL = HllType.forThisSpi();
    /** The values are "a0 a1 a2 " and so on. */
    private static final byte[] ARRAY = "a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 ".getBytes(StandardCharsets.US_ASCII);

    private static Slice value(int i) {
        return Slices.wrappedBuffer(ARRAY).slice(3 * i, 3);
    }

    private static BlockBuilder builder() {
        return HLL.createBlockBuilder(null, 4);
    }

    @Test
    void consecutiveValuesAreNotCopied() {
        BlockBuilder out = builder();
        for (int i = 2; i < 7; i++) {
            HLL.writeSlice(out, value(i));
        }
        VariableWidthBlock block = (VariableWidthBlock) out.build();
        assertSame(ARRAY, block.getRawSlice().byteArray());
        assertEquals(List.of("a2 ", "a3 ", "a4 ", "a5 ", "a6 "), texts(block));
        assertTrue(block.getRetainedSizeInBytes() > ARRAY.length);
    }

    @Test
    void nullsBetweenConsecutiveValuesAreKept() {
        // More than a word of bits, with NULL first, last and at the edge of a word.
        BlockBuilder out = builder();
        List<String> expected = new ArrayList<>();
        int at = 0;
        for (int row = 0; row < 130; row++) {
            if (row % 13 == 5) {
                HLL.writeSlice(out, value(at));
                expected.add("a" + at++ + " ");
            } else {
                out.appendNull();
                expected.add(null);
            }
        }
        VariableWidthBlock block = (VariableWidthBlock) out.build();
        assertNotSame(ARRAY, block.getRawSlice().byteArray());
        assertEquals(expected, texts(block));
        assertEquals(expected.subList(60, 70), texts(block.getRegion(60, 10)));
        assertTrue(block.mayHaveNull());
    }

    @Test
    void nothingButNullsIsOneNull() {
        BlockBuilder out = builder();
        out.appendNull();
        out.appendNull();
        Block block = out.build();
        assertTrue(block instanceof RunLengthEncodedBlock, block.toString());
        assertEquals(Arrays.asList(null, null), texts(block));
        assertEquals(0, builder().build().getPositionCount());
    }

    @Test
    void otherValuesAreCopied() {
        BlockBuilder out = builder();
        HLL.writeSlice(out, value(0));
        HLL.writeSlice(out, value(1));
        out.appendNull();
        HLL.writeSlice(out, value(1));
        HLL.writeSlice(out, value(2));
        VariableWidthBlock block = (VariableWidthBlock) out.build();
        assertNotSame(ARRAY, block.getRawSlice().byteArray());
        assertEquals(Arrays.asList("a0 ", "a1 ", null, "a1 ", "a2 "), texts(block));
    }

    /** The block would keep the whole array. */
    @Test
    void aSmallPartOfAnArrayIsCopied() {
        BlockBuilder out = builder();
        HLL.writeSlice(out, value(4), 0, 2);
        VariableWidthBlock block = (VariableWidthBlock) out.build();
        assertNotSame(ARRAY, block.getRawSlice().byteArray());
        assertEquals(List.of("a4"), texts(block));
    }

    /** As the encoded results of a state, whose array is written again. */
    @Test
    void bytesOfAnArrayAreCopied() {
        byte[] reused = {'a', 'b', 'c', 'd'};
        VariableWidthBlockBuilder out = (VariableWidthBlockBuilder) builder();
        out.writeEntry(reused, 0, 2);
        out.writeEntry(reused, 2, 2);
        Arrays.fill(reused, (byte) 'x');
        assertEquals(List.of("ab", "cd"), texts(out.build()));
    }

    @Test
    void aStatusIsToldOfEveryByte() {
        PageBuilderStatus page = new PageBuilderStatus(1 << 20);
        BlockBuilder out = HLL.createBlockBuilder(page.createBlockBuilderStatus(), 4);
        BlockBuilder plain = VarbinaryType.VARBINARY.createBlockBuilder(null, 4);
        for (BlockBuilder each : List.of(out, plain)) {
            HLL.writeSlice(each, value(0));
            HLL.writeSlice(each, value(1));
            each.appendNull();
        }
        assertEquals(plain.getSizeInBytes(), page.getSizeInBytes());
    }

    /** Any sequence of calls, against Trino's own builder. */
    @Test
    void anySequenceGivesWhatTrinosBuilderGives() {
        Random random = new Random(3);
        for (int run = 0; run < 2_000; run++) {
            BlockBuilder out = builder();
            BlockBuilder plain = VarbinaryType.VARBINARY.createBlockBuilder(null, 4);
            int next = 0;
            for (int step = random.nextInt(20); step > 0; step--) {
                int seed = random.nextInt(100);
                next = seed < 70 ? next % 10 : random.nextInt(10);
                for (BlockBuilder each : List.of(out, plain)) {
                    write(each, seed, next);
                }
                next++;
                assertEquals(plain.getPositionCount(), out.getPositionCount());
                assertEquals(plain.getSizeInBytes(), out.getSizeInBytes());
            }
            assertEquals(texts(plain.build()), texts(out.build()));
            assertEquals(texts(plain.buildValueBlock()), texts(out.buildValueBlock()));
            assertEquals(0, out.newBlockBuilderLike(4, null).getPositionCount());
        }
    }

    private static void write(BlockBuilder out, int seed, int next) {
        VariableWidthBlock all = new VariableWidthBlock(
                3, Slices.wrappedBuffer(ARRAY), new int[] {0, 3, 9, 9}, java.util.Optional.empty());
        switch (seed) {
            case 0 -> out.append(all, 1);
            case 1 -> out.appendRepeated(all, 0, 3);
            case 2 -> out.appendRange(all, 1, 2);
            case 3 -> out.appendPositions(all, new int[] {2, 0, 1}, 0, 2);
            case 4 -> out.resetTo(out.getPositionCount() / 2);
            case 5 -> ((VariableWidthBlockBuilder) out).writeEntry(ARRAY, 3 * next, 3);
            case 6, 7, 8, 9, 10, 11 -> out.appendNull();
            default -> HLL.writeSlice(out, value(next));
        }
    }

    private static List<String> texts(Block block) {
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < block.getPositionCount(); row++) {
            texts.add(block.isNull(row) ? null : HLL.getSlice(block, row).toStringAscii());
        }
        return texts;
    }
}
