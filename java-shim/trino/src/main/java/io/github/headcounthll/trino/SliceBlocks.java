// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import io.airlift.slice.Slice;
import io.airlift.slice.Slices;
import io.github.headcounthll.core.api.Bytes;
import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.eval.Blocks;
import io.trino.spi.block.Block;
import io.trino.spi.block.VariableWidthBlock;
import java.util.Optional;

/** Trino's blocks of varbinary, varchar and HLL. {@link #value(Block, int)} takes the block that {@link #holder} returns. */
final class SliceBlocks implements Blocks<Block, Slice> {
    @Override
    public Block holder(Block block) {
        return block.getUnderlyingValueBlock();
    }

    @Override
    public int position(Block block, int row) {
        return block.getUnderlyingValuePosition(row);
    }

    @Override
    public int rows(Block block) {
        return block.getPositionCount();
    }

    @Override
    public long size(Block block) {
        return block.getSizeInBytes();
    }

    @Override
    public boolean isNull(Block block, int row) {
        return block.isNull(row);
    }

    @Override
    public Slice value(Block block, int row) {
        return ((VariableWidthBlock) block).getSlice(row);
    }

    @Override
    public Bytes bytes(Slice value) {
        return new Bytes(value.byteArray(), value.byteArrayOffset(), value.length());
    }

    @Override
    public Slice value(byte[] array) {
        return Slices.wrappedBuffer(array);
    }

    @Override
    public VariableWidthBlock block(Column column) {
        return new VariableWidthBlock(
                column.rows(), Slices.wrappedBuffer(column.data()), column.offsets(), Optional.empty());
    }
}
