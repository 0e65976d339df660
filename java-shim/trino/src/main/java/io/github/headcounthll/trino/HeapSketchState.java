// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static io.github.headcounthll.trino.Errors.ERRORS;

import io.airlift.slice.SizeOf;
import io.airlift.slice.Slice;
import io.github.headcounthll.core.api.GroupedSketches;
import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.core.state.EngineState;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.block.LongArrayBlock;
import io.trino.spi.block.ValueBlock;
import io.trino.spi.block.VariableWidthBlock;
import io.trino.spi.block.VariableWidthBlockBuilder;
import io.trino.spi.function.AccumulatorState;
import io.trino.spi.function.GroupedAccumulatorState;

/**
 * A {@link SketchState} of one group or of many. A state of one group queues ranges of ids, so that a row costs a few
 * comparisons.
 */
final class HeapSketchState extends EngineState<VariableWidthBlock> implements SketchState, GroupedAccumulatorState {
    private static final int INSTANCE_SIZE = SizeOf.instanceSize(HeapSketchState.class);

    private final boolean isGrouped;
    /** The queued ids; null before the first id, and in a state of many groups. */
    private IdRange ids;

    private HeapSketchState(GroupedSketches sketches, boolean isGrouped) {
        super(ERRORS, sketches);
        this.isGrouped = isGrouped;
    }

    static HeapSketchState ofOneGroup() {
        return new HeapSketchState(null, false);
    }

    static HeapSketchState ofManyGroups() {
        return new HeapSketchState(Backends.BACKEND.newSketches(0), true);
    }

    @Override
    protected GroupedSketches newSketches() {
        return Backends.BACKEND.newSketches(1);
    }

    @Override
    protected void mergeRow(GroupedSketches into, int group, VariableWidthBlock block, int position) {
        Slice raw = block.getRawSlice();
        int start = raw.byteArrayOffset() + block.getRawSliceOffset(position);
        into.merge(group, raw.byteArray(), start, block.getSliceLength(position));
    }

    @Override
    public void add(VariableWidthBlock block, int position, long precision) {
        if (!isGrouped) {
            queue(block, position, precision);
            return;
        }
        Slice raw = block.getRawSlice();
        int start = raw.byteArrayOffset() + block.getRawSliceOffset(position);
        try {
            sketches().add(group(), raw.byteArray(), start, block.getSliceLength(position), precision);
        } catch (HeadcountException e) {
            throw ERRORS.translate(e);
        }
    }

    @Override
    public void add(LongArrayBlock block, int position, long precision) {
        if (!isGrouped) {
            queue(block, position, precision);
            return;
        }
        try {
            sketches().addLong(group(), block.getLong(position), precision);
        } catch (HeadcountException e) {
            throw ERRORS.translate(e);
        }
    }

    private void queue(ValueBlock block, int position, long precision) {
        if (ids == null || !ids.extend(block, position, precision)) {
            beginRange(block, position, precision);
        }
    }

    private void beginRange(ValueBlock block, int position, long precision) {
        if (ids == null) {
            ids = new IdRange();
        } else if (ids.repeats(block, position, precision)) {
            return;
        }
        takePending();
        ids.begin(block, position, precision);
    }

    @Override
    protected boolean hasQueued() {
        return ids != null && !ids.isEmpty();
    }

    @Override
    protected void addQueued(GroupedSketches into, int group) {
        ids.addTo(into, group);
    }

    @Override
    public void refer(VariableWidthBlock block, int position) {
        super.refer(block, position);
        ids = null;
    }

    @Override
    public void combine(SketchState other) {
        combineFrom((HeapSketchState) other);
    }

    @Override
    public void write(BlockBuilder out) {
        if (!write((encoded, length) -> ((VariableWidthBlockBuilder) out).writeEntry(encoded, 0, length))) {
            out.appendNull();
        }
    }

    @Override
    public void setGroupId(int groupId) {
        setGroup(groupId);
    }

    @Override
    public void ensureCapacity(int size) {
        ensureGroups(size);
    }

    @Override
    protected long ownBytes() {
        return INSTANCE_SIZE + (ids == null ? 0 : ids.retainedBytes());
    }

    @Override
    public AccumulatorState copy() {
        HeapSketchState copy = new HeapSketchState(null, isGrouped);
        copyTo(copy);
        return copy;
    }
}
