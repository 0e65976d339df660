// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import io.airlift.slice.SizeOf;
import io.airlift.slice.Slice;
import io.github.headcounthll.core.api.GroupedSketches;
import io.github.headcounthll.core.api.HeadcountException;
import io.trino.spi.block.LongArrayBlock;
import io.trino.spi.block.VariableWidthBlock;
import io.trino.spi.function.AccumulatorState;
import io.trino.spi.function.GroupedAccumulatorState;

/** The state of the groups of a GROUP BY. */
final class GroupedSketchState extends AbstractSketchState implements GroupedAccumulatorState {
    private static final int INSTANCE_SIZE = SizeOf.instanceSize(GroupedSketchState.class);

    private final GroupedSketches sketches;
    private int group;

    GroupedSketchState() {
        this(Backends.newSketches(0));
    }

    private GroupedSketchState(GroupedSketches sketches) {
        this.sketches = sketches;
    }

    @Override
    GroupedSketches sketches() {
        return sketches;
    }

    @Override
    GroupedSketches sketchesOrNull() {
        return sketches;
    }

    @Override
    int group() {
        return group;
    }

    @Override
    public void setGroupId(int groupId) {
        group = groupId;
    }

    @Override
    public void ensureCapacity(int size) {
        Errors.translating(() -> sketches.ensureCapacity(size));
    }

    @Override
    public void add(VariableWidthBlock ids, int position, long precision) {
        Slice raw = ids.getRawSlice();
        int start = raw.byteArrayOffset() + ids.getRawSliceOffset(position);
        try {
            sketches.add(group, raw.byteArray(), start, ids.getSliceLength(position), precision);
        } catch (HeadcountException e) {
            throw Errors.translate(e);
        }
    }

    @Override
    public void add(LongArrayBlock ids, int position, long precision) {
        try {
            sketches.addLong(group, ids.getLong(position), precision);
        } catch (HeadcountException e) {
            throw Errors.translate(e);
        }
    }

    @Override
    long ownSize() {
        return INSTANCE_SIZE;
    }

    @Override
    public AccumulatorState copy() {
        GroupedSketchState copy = new GroupedSketchState(Errors.translatingValue(sketches::copy));
        copy.group = group;
        return copy;
    }
}
