// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import io.trino.spi.block.Block;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.block.VariableWidthBlock;
import io.trino.spi.function.AccumulatorStateSerializer;
import io.trino.spi.type.Type;
import io.trino.spi.type.VarbinaryType;

/**
 * The intermediate state is the encoded sketch and nothing else, so that nodes with different versions of the plugin
 * understand each other.
 */
public final class SketchStateSerializer implements AccumulatorStateSerializer<SketchState> {
    @Override
    public Type getSerializedType() {
        return VarbinaryType.VARBINARY;
    }

    @Override
    public void serialize(SketchState state, BlockBuilder out) {
        state.write(out);
    }

    /** Trino passes the same state for each row, and combines it before the next row. */
    @Override
    public void deserialize(Block block, int index, SketchState state) {
        ((HeapSketchState) state)
                .refer((VariableWidthBlock) block.getUnderlyingValueBlock(), block.getUnderlyingValuePosition(index));
    }
}
