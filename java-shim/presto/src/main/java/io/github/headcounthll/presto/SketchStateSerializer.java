// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.common.block.Block;
import com.facebook.presto.common.block.BlockBuilder;
import com.facebook.presto.common.type.Type;
import com.facebook.presto.common.type.VarbinaryType;
import com.facebook.presto.spi.function.AccumulatorStateSerializer;

/**
 * What travels between nodes is the encoded sketch and nothing else, so that nodes with different versions of the
 * plugin understand each other.
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

    /** PrestoDB hands the same state in for one row after the other, each to be combined before the next. */
    @Override
    public void deserialize(Block block, int index, SketchState state) {
        ((SingleSketchState) state).refer(block, index);
    }
}
