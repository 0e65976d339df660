// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.common.block.Block;
import com.facebook.presto.common.block.DictionaryBlock;
import com.facebook.presto.common.block.LazyBlock;
import com.facebook.presto.common.block.RunLengthEncodedBlock;
import com.facebook.presto.common.block.VariableWidthBlock;
import io.airlift.slice.Slice;
import io.airlift.slice.Slices;
import io.github.headcounthll.core.api.Bytes;
import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.eval.Blocks;
import java.util.Optional;

/** PrestoDB's blocks of varbinary, varchar and HLL, which it hands over as they come: a dictionary's ids, too. */
final class SliceBlocks implements Blocks<Block, Slice> {
    @Override
    public Block holder(Block block) {
        if (block instanceof LazyBlock lazy) {
            return holder(lazy.getLoadedBlock());
        }
        if (block instanceof DictionaryBlock dictionary) {
            return holder(dictionary.getDictionary());
        }
        return block instanceof RunLengthEncodedBlock repeated ? holder(repeated.getValue()) : block;
    }

    @Override
    public int position(Block block, int row) {
        if (block instanceof LazyBlock lazy) {
            return position(lazy.getLoadedBlock(), row);
        }
        if (block instanceof DictionaryBlock dictionary) {
            return position(dictionary.getDictionary(), dictionary.getId(row));
        }
        return block instanceof RunLengthEncodedBlock repeated ? position(repeated.getValue(), 0) : row;
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
        return block.getSlice(row, 0, block.getSliceLength(row));
    }

    @Override
    public Bytes bytes(Slice value) {
        return bytesOf(value);
    }

    /** Not every slice is over a byte array: the empty one is over nothing, and what is not is copied. */
    static Bytes bytesOf(Slice value) {
        return value.hasByteArray()
                ? new Bytes(value.byteArray(), value.byteArrayOffset(), value.length())
                : new Bytes(value.getBytes(), 0, value.length());
    }

    @Override
    public Slice value(byte[] array) {
        return Slices.wrappedBuffer(array);
    }

    @Override
    public Block block(Column column) {
        return new VariableWidthBlock(
                column.rows(), Slices.wrappedBuffer(column.data()), column.offsets(), Optional.empty());
    }
}
