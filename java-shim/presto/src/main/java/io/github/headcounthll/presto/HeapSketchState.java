// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import static io.github.headcounthll.presto.Errors.ERRORS;

import com.facebook.presto.common.block.Block;
import com.facebook.presto.common.block.BlockBuilder;
import com.facebook.presto.spi.function.GroupedAccumulatorState;
import io.airlift.slice.Slices;
import io.github.headcounthll.core.api.Bytes;
import io.github.headcounthll.core.api.GroupedSketches;
import io.github.headcounthll.core.state.EngineState;

/** A {@link SketchState} of one group or of many. */
public final class HeapSketchState extends EngineState<Block> implements SketchState, GroupedAccumulatorState {
    private static final int INSTANCE_SIZE = 40;

    private HeapSketchState(GroupedSketches sketches) {
        super(ERRORS, sketches);
    }

    static HeapSketchState ofOneGroup() {
        return new HeapSketchState(null);
    }

    static HeapSketchState ofManyGroups() {
        return new HeapSketchState(Backends.BACKEND.newSketches(0));
    }

    @Override
    protected GroupedSketches newSketches() {
        return Backends.BACKEND.newSketches(1);
    }

    private static Bytes row(Block block, int position) {
        return SliceBlocks.bytesOf(block.getSlice(position, 0, block.getSliceLength(position)));
    }

    @Override
    protected void mergeRow(GroupedSketches into, int group, Block block, int position) {
        Bytes row = row(block, position);
        into.merge(group, row.array(), row.start(), row.length());
    }

    @Override
    public void add(Block ids, int position, long precision) {
        Bytes row = row(ids, position);
        ERRORS.run(() -> sketches().add(group(), row.array(), row.start(), row.length(), precision));
    }

    @Override
    public void add(long id, long precision) {
        ERRORS.run(() -> sketches().addLong(group(), id, precision));
    }

    @Override
    public void combine(SketchState other) {
        combineFrom((HeapSketchState) other);
    }

    @Override
    public void write(BlockBuilder out) {
        if (!write((encoded, length) -> out.writeBytes(Slices.wrappedBuffer(encoded, 0, length), 0, length)
                .closeEntry())) {
            out.appendNull();
        }
    }

    @Override
    public void setGroupId(long groupId) {
        setGroup(Math.toIntExact(groupId));
    }

    @Override
    public void ensureCapacity(long size) {
        ensureGroups(Math.toIntExact(size));
    }

    @Override
    protected long ownBytes() {
        return INSTANCE_SIZE;
    }
}
