// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.common.block.Block;
import com.facebook.presto.common.block.BlockBuilder;
import com.facebook.presto.common.function.SqlFunctionProperties;
import com.facebook.presto.common.type.AbstractVariableWidthType;
import com.facebook.presto.common.type.SqlVarbinary;
import com.facebook.presto.common.type.TypeSignature;
import io.airlift.slice.Slice;

/**
 * The SQL type HLL: the bytes of a valid sketch.
 *
 * <p>Neither comparable nor orderable: the same registers have several encodings, so that equal bytes is not what
 * {@code =} would have to mean. A client sees the bytes, as it does of a varbinary.
 */
public final class HllType extends AbstractVariableWidthType {
    static final String NAME = "HLL";

    HllType() {
        super(new TypeSignature(NAME), Slice.class);
    }

    @Override
    public Slice getSlice(Block block, int position) {
        return block.getSlice(position, 0, block.getSliceLength(position));
    }

    @Override
    public Slice getSliceUnchecked(Block block, int internalPosition) {
        return block.getSliceUnchecked(internalPosition, 0, block.getSliceLengthUnchecked(internalPosition));
    }

    @Override
    public void writeSlice(BlockBuilder out, Slice value) {
        writeSlice(out, value, 0, value.length());
    }

    @Override
    public void writeSlice(BlockBuilder out, Slice value, int offset, int length) {
        out.writeBytes(value, offset, length).closeEntry();
    }

    @Override
    public void appendTo(Block block, int position, BlockBuilder out) {
        if (block.isNull(position)) {
            out.appendNull();
        } else {
            block.writeBytesTo(position, 0, block.getSliceLength(position), out);
            out.closeEntry();
        }
    }

    @Override
    public Object getObjectValue(SqlFunctionProperties properties, Block block, int position) {
        return block.isNull(position)
                ? null
                : new SqlVarbinary(getSlice(block, position).getBytes());
    }
}
