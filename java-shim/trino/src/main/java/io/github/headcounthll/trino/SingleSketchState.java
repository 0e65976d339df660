package io.github.headcounthll.trino;

import io.airlift.slice.SizeOf;
import io.github.headcounthll.core.GroupedSketches;
import io.trino.spi.block.VariableWidthBlock;
import io.trino.spi.function.AccumulatorState;

/**
 * The state of one group. Cheap to make: a sliding window frame makes one for every row.
 *
 * <p>It has a second use, as what {@link SketchStateSerializer} reads a partial result into: then it only refers to
 * the row, which goes from its block straight into the state that it is combined with.
 */
final class SingleSketchState extends AbstractSketchState {
    private static final int INSTANCE_SIZE = SizeOf.instanceSize(SingleSketchState.class);

    private GroupedSketches sketches;
    private VariableWidthBlock partial;
    private int partialPosition;

    @Override
    GroupedSketches sketches() {
        takePartial();
        if (sketches == null) {
            sketches = Engine.newSketches(1);
        }
        return sketches;
    }

    @Override
    GroupedSketches sketchesOrNull() {
        takePartial();
        return sketches;
    }

    @Override
    int group() {
        return 0;
    }

    /** Becomes the partial result in a row of a block, whatever it was before. */
    void refer(VariableWidthBlock block, int position) {
        sketches = null;
        partial = block;
        partialPosition = position;
    }

    private void takePartial() {
        if (partial != null) {
            VariableWidthBlock row = partial;
            partial = null;
            merge(row, partialPosition);
        }
    }

    @Override
    void mergeInto(AbstractSketchState target) {
        if (partial == null) {
            super.mergeInto(target);
        } else {
            target.merge(partial, partialPosition);
        }
    }

    @Override
    int instanceSize() {
        return INSTANCE_SIZE;
    }

    @Override
    public AccumulatorState copy() {
        SingleSketchState copy = new SingleSketchState();
        copy.sketches = sketches == null ? null : sketches.copy();
        copy.partial = partial;
        copy.partialPosition = partialPosition;
        return copy;
    }
}
