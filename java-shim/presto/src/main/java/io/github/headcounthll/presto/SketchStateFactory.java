// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.spi.function.AccumulatorStateFactory;

/** Makes states; PrestoDB creates it by its name. */
public final class SketchStateFactory implements AccumulatorStateFactory<SketchState> {
    @Override
    public SketchState createSingleState() {
        return new SingleSketchState();
    }

    @Override
    public Class<? extends SketchState> getSingleStateClass() {
        return SingleSketchState.class;
    }

    @Override
    public SketchState createGroupedState() {
        return new GroupedSketchState();
    }

    @Override
    public Class<? extends SketchState> getGroupedStateClass() {
        return GroupedSketchState.class;
    }
}
