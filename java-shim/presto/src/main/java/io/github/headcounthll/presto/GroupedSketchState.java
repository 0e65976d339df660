// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.spi.function.GroupedAccumulatorState;
import io.github.headcounthll.core.api.GroupedSketches;

/** The state of the groups of a GROUP BY. */
public final class GroupedSketchState extends AbstractSketchState implements GroupedAccumulatorState {
    private static final int INSTANCE_SIZE = 32;

    private final GroupedSketches sketches;
    private int group;

    GroupedSketchState() {
        sketches = Backends.newSketches(0);
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
    public void setGroupId(long groupId) {
        group = Math.toIntExact(groupId);
    }

    @Override
    public void ensureCapacity(long size) {
        Errors.translating(() -> sketches.ensureCapacity(Math.toIntExact(size)));
    }

    @Override
    int instanceSize() {
        return INSTANCE_SIZE;
    }
}
