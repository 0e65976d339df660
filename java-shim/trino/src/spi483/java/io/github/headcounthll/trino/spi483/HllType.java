// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino.spi483;

import io.airlift.slice.Slice;
import io.trino.spi.block.Block;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.block.VariableWidthBlock;
import io.trino.spi.block.VariableWidthBlockBuilder;
import io.trino.spi.type.AbstractVariableWidthType;
import io.trino.spi.type.SqlVarbinary;
import io.trino.spi.type.TypeDescriptor;

/** The SQL type HLL for SPIs that describe a type with a {@link TypeDescriptor}; see the class of the same name beside the plugin. */
public final class HllType extends AbstractVariableWidthType {
    public HllType() {
        super(new TypeDescriptor("HLL"), Slice.class);
    }

    @Override
    public String getDisplayName() {
        return "HLL";
    }

    @Override
    public Slice getSlice(Block block, int position) {
        VariableWidthBlock values = (VariableWidthBlock) block.getUnderlyingValueBlock();
        return values.getSlice(block.getUnderlyingValuePosition(position));
    }

    @Override
    public void writeSlice(BlockBuilder out, Slice value) {
        writeSlice(out, value, 0, value.length());
    }

    @Override
    public void writeSlice(BlockBuilder out, Slice value, int offset, int length) {
        ((VariableWidthBlockBuilder) out).writeEntry(value, offset, length);
    }

    @Override
    public Object getObjectValue(Block block, int position) {
        return block.isNull(position)
                ? null
                : new SqlVarbinary(getSlice(block, position).getBytes());
    }
}
