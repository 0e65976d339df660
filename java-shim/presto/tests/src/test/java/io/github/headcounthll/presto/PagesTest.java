// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.facebook.presto.common.Page;
import com.facebook.presto.common.block.Block;
import com.facebook.presto.common.block.BlockBuilder;
import com.facebook.presto.common.block.BlockEncodingManager;
import com.facebook.presto.common.block.DictionaryBlock;
import com.facebook.presto.common.block.RowBlock;
import com.facebook.presto.common.block.RunLengthEncodedBlock;
import com.facebook.presto.common.type.ArrayType;
import com.facebook.presto.common.type.BigintType;
import com.facebook.presto.common.type.DoubleType;
import com.facebook.presto.common.type.Type;
import com.facebook.presto.common.type.VarbinaryType;
import com.facebook.presto.spi.page.PagesSerde;
import com.facebook.presto.spi.page.PagesSerdeUtil;
import io.airlift.slice.DynamicSliceOutput;
import io.airlift.slice.Slices;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages of sidecar/internal/prestopage/testdata are what PrestoDB writes. */
class PagesTest {
    /** Hexadecimal digits of a dictionary's identity, with which its block ends; it is another each time. */
    private static final int IDENTITY = 48;

    static Stream<Arguments> pages() {
        return Stream.of(
                Arguments.of("varbinary", 4, List.of(bytes("a", null, "", "bcd"))),
                Arguments.of("varbinary-no-nulls", 2, List.of(bytes("a", "bcd"))),
                Arguments.of("varbinary-checksummed", 4, List.of(bytes("a", null, "", "bcd"))),
                Arguments.of("bigint", 3, List.of(values(BigintType.BIGINT, 1L, null, -5L))),
                Arguments.of("double", 2, List.of(values(DoubleType.DOUBLE, 0.5, null))),
                Arguments.of(
                        "nine-bigints", 9, List.of(values(BigintType.BIGINT, null, 1L, 2L, 3L, 4L, 5L, 6L, 7L, null))),
                Arguments.of("array", 4, List.of(arrays(Arrays.asList("a", null), null, List.of(), List.of("bc")))),
                Arguments.of(
                        "run",
                        3,
                        List.of(RunLengthEncodedBlock.create(VarbinaryType.VARBINARY, Slices.utf8Slice("xy"), 3))),
                Arguments.of("run-of-null", 2, List.of(RunLengthEncodedBlock.create(VarbinaryType.VARBINARY, null, 2))),
                Arguments.of("dictionary", 3, List.of(new DictionaryBlock(bytes("a", null, "b"), new int[] {2, 0, 1}))),
                Arguments.of(
                        "dictionary-of-arrays",
                        3,
                        List.of(new DictionaryBlock(
                                arrays(List.of("a"), Arrays.asList("b", null)), new int[] {1, 0, 1}))),
                Arguments.of(
                        "row",
                        3,
                        List.of(RowBlock.fromFieldBlocks(
                                3, Optional.of(new boolean[] {false, true, false}), new Block[] {
                                    values(DoubleType.DOUBLE, 1.0, 3.0), values(DoubleType.DOUBLE, 2.0, 4.0)
                                }))),
                Arguments.of("two-channels", 2, List.of(bytes("a", "b"), values(BigintType.BIGINT, 1L, 2L))),
                Arguments.of("no-channels", 3, List.of()));
    }

    private static Block bytes(String... values) {
        return values(VarbinaryType.VARBINARY, (Object[]) values);
    }

    @SafeVarargs
    private static Block arrays(List<String>... values) {
        return values(
                new ArrayType(VarbinaryType.VARBINARY),
                Arrays.stream(values)
                        .map(elements -> elements == null ? null : bytes(elements.toArray(String[]::new)))
                        .toArray());
    }

    private static Block values(Type type, Object... values) {
        BlockBuilder out = type.createBlockBuilder(null, values.length);
        for (Object value : values) {
            if (value == null) {
                out.appendNull();
            } else if (value instanceof Long number) {
                type.writeLong(out, number);
            } else if (value instanceof Double number) {
                type.writeDouble(out, number);
            } else if (value instanceof String text) {
                type.writeSlice(out, Slices.utf8Slice(text));
            } else {
                type.writeObject(out, value);
            }
        }
        return out.build();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void isWhatPrestoWrites(String name, int rows, List<Block> blocks) throws IOException {
        PagesSerde serde = new PagesSerde(
                new BlockEncodingManager(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                name.endsWith("checksummed"));
        DynamicSliceOutput out = new DynamicSliceOutput(100);
        PagesSerdeUtil.writeSerializedPage(out, serde.serialize(new Page(rows, blocks.toArray(Block[]::new))));
        assertEquals(
                withoutIdentity(name, recorded().get(name)),
                withoutIdentity(name, HexFormat.of().formatHex(out.slice().getBytes())));
    }

    private static String withoutIdentity(String name, String page) {
        return name.startsWith("dictionary") ? page.substring(0, page.length() - IDENTITY) : page;
    }

    private static Map<String, String> recorded() throws IOException {
        return Files.readAllLines(Engines.ROOT.resolve("sidecar/internal/prestopage/testdata/pages.txt")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" "))
                .collect(Collectors.toMap(fields -> fields[0], fields -> fields[1]));
    }
}
