// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import io.airlift.slice.SizeOf;
import io.github.headcounthll.core.api.GroupedSketches;
import io.github.headcounthll.core.api.HeadcountException;
import io.trino.spi.block.LongArrayBlock;
import io.trino.spi.block.ValueBlock;
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
    /** Ids to be added before anything else is done; null until there are some. */
    private IdRange ids;

    private VariableWidthBlock partial;
    private int partialPosition;

    @Override
    GroupedSketches sketches() {
        takeWaiting();
        return open();
    }

    @Override
    GroupedSketches sketchesOrNull() {
        takeWaiting();
        return sketches;
    }

    private GroupedSketches open() {
        if (sketches == null) {
            sketches = Backends.newSketches(1);
        }
        return sketches;
    }

    @Override
    public void add(VariableWidthBlock block, int position, long precision) {
        addTo(block, position, precision);
    }

    @Override
    public void add(LongArrayBlock block, int position, long precision) {
        addTo(block, position, precision);
    }

    private void addTo(ValueBlock block, int position, long precision) {
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
        takeWaiting();
        ids.begin(block, position, precision);
    }

    @Override
    int group() {
        return 0;
    }

    /** Becomes the partial result in a row of a block, whatever it was before. */
    void refer(VariableWidthBlock block, int position) {
        sketches = null;
        ids = null;
        partial = block;
        partialPosition = position;
    }

    private void takeWaiting() {
        if (partial != null) {
            VariableWidthBlock row = partial;
            partial = null;
            merge(row, partialPosition);
        }
        if (ids != null && !ids.isEmpty()) {
            try {
                ids.addTo(open(), 0);
            } catch (HeadcountException e) {
                throw Errors.translate(e);
            }
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
    long ownSize() {
        return INSTANCE_SIZE + (ids == null ? 0 : ids.retainedBytes());
    }

    @Override
    public AccumulatorState copy() {
        takeWaiting();
        SingleSketchState copy = new SingleSketchState();
        copy.sketches = sketches == null ? null : sketches.copy();
        return copy;
    }
}
