package io.github.headcounthll.trino;

import io.airlift.slice.SizeOf;
import io.github.headcounthll.core.GroupedSketches;
import io.trino.spi.function.AccumulatorState;
import io.trino.spi.function.GroupedAccumulatorState;

/** The state of the groups of a GROUP BY. */
final class GroupedSketchState extends AbstractSketchState implements GroupedAccumulatorState {
    private static final int INSTANCE_SIZE = SizeOf.instanceSize(GroupedSketchState.class);

    private final GroupedSketches sketches;
    private int group;

    GroupedSketchState() {
        this(Engine.newSketches(0));
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
    int instanceSize() {
        return INSTANCE_SIZE;
    }

    @Override
    public AccumulatorState copy() {
        GroupedSketchState copy = new GroupedSketchState(Errors.translatingValue(sketches::copy));
        copy.group = group;
        return copy;
    }
}
