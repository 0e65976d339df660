package io.github.headcounthll.trino;

import io.airlift.slice.SizeOf;
import io.github.headcounthll.core.GroupedSketches;
import io.trino.spi.block.BlockBuilder;
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
        if (sketches == null) {
            sketches = Engine.newSketches(1);
        }
        return sketches;
    }

    @Override
    GroupedSketches sketchesOrNull() {
        return sketches;
    }

    @Override
    int group() {
        return 0;
    }

    /** Becomes the partial result in a row of a block. */
    void refer(VariableWidthBlock block, int position) {
        partial = block;
        partialPosition = position;
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
    public void write(BlockBuilder out) {
        if (partial != null) {
            sketches = null;
            VariableWidthBlock row = partial;
            partial = null;
            merge(row, partialPosition);
        }
        super.write(out);
    }

    @Override
    public long getEstimatedSize() {
        return INSTANCE_SIZE + (sketches == null ? 0 : sketches.retainedBytes());
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
