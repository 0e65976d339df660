// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.common.block.Block;
import io.github.headcounthll.core.api.GroupedSketches;

/**
 * The state of one group. Cheap to make: a window frame makes one for every row.
 *
 * <p>It has a second use, as what {@link SketchStateSerializer} reads a partial result into: then it only refers to
 * the row, which goes from its block straight into the state that it is combined with.
 */
public final class SingleSketchState extends AbstractSketchState {
    private static final int INSTANCE_SIZE = 40;

    private GroupedSketches sketches;
    private Block partial;
    private int partialPosition;

    @Override
    GroupedSketches sketches() {
        takePartial();
        if (sketches == null) {
            sketches = Backends.newSketches(1);
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
    void refer(Block block, int position) {
        sketches = null;
        partial = block;
        partialPosition = position;
    }

    private void takePartial() {
        if (partial != null) {
            Block row = partial;
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
}
