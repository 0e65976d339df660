// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.common.block.Block;
import com.facebook.presto.common.block.BlockBuilder;
import com.facebook.presto.common.type.Type;
import com.facebook.presto.common.type.VarbinaryType;
import com.facebook.presto.spi.function.AccumulatorStateSerializer;

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

    /** PrestoDB passes the same state for each row, and combines it before the next row. */
    @Override
    public void deserialize(Block block, int index, SketchState state) {
        ((HeapSketchState) state).refer(block, index);
    }
}
