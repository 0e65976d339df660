// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.eval;

import io.github.headcounthll.core.api.Bytes;
import io.github.headcounthll.core.api.Column;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/** An engine whose values are byte buffers, and whose blocks may point into others. */
final class FakeBlocks implements Blocks<FakeBlocks.Block, ByteBuffer> {
    /**
     * @param values null is NULL
     * @param ids of each row its row of the dictionary; null where there is none
     */
    record Block(ByteBuffer[] values, Block dictionary, int[] ids) {
        int rows() {
            return dictionary == null ? values.length : ids.length;
        }
    }

    /** A block of texts over one array. */
    static Block block(String... texts) {
        byte[] array = String.join(
                        "", Arrays.stream(texts).filter(Objects::nonNull).toList())
                .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer[] values = new ByteBuffer[texts.length];
        int start = 0;
        for (int i = 0; i < texts.length; i++) {
            if (texts[i] != null) {
                values[i] = ByteBuffer.wrap(array, start, texts[i].length()).slice();
                start += texts[i].length();
            }
        }
        return new Block(values, null, null);
    }

    /** A block of rows of another. */
    static Block pointing(Block dictionary, int... ids) {
        return new Block(null, dictionary, ids);
    }

    static String text(ByteBuffer value) {
        return StandardCharsets.US_ASCII.decode(value.duplicate()).toString();
    }

    @Override
    public Block holder(Block block) {
        return block.dictionary() == null ? block : block.dictionary();
    }

    @Override
    public int position(Block block, int row) {
        return block.dictionary() == null ? row : block.ids()[row];
    }

    @Override
    public int rows(Block block) {
        return block.rows();
    }

    @Override
    public long size(Block block) {
        long bytes = 0;
        for (ByteBuffer value : block.values()) {
            bytes += value == null ? 0 : value.remaining();
        }
        return bytes;
    }

    @Override
    public boolean isNull(Block block, int row) {
        return holder(block).values()[position(block, row)] == null;
    }

    @Override
    public ByteBuffer value(Block block, int row) {
        return holder(block).values()[position(block, row)];
    }

    @Override
    public Bytes bytes(ByteBuffer value) {
        return new Bytes(value.array(), value.arrayOffset(), value.remaining());
    }

    @Override
    public ByteBuffer value(byte[] array) {
        return ByteBuffer.wrap(array);
    }

    @Override
    public Block block(Column column) {
        ByteBuffer[] values = new ByteBuffer[column.rows()];
        for (int i = 0; i < values.length; i++) {
            values[i] = ByteBuffer.wrap(column.data(), column.starts()[i], column.lengths()[i])
                    .slice();
        }
        return new Block(values, null, null);
    }
}
