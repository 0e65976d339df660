// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.spi.function.AccumulatorStateFactory;

/** Makes states; PrestoDB creates it by its name. */
public final class SketchStateFactory implements AccumulatorStateFactory<SketchState> {
    @Override
    public SketchState createSingleState() {
        return HeapSketchState.ofOneGroup();
    }

    @Override
    public Class<? extends SketchState> getSingleStateClass() {
        return HeapSketchState.class;
    }

    @Override
    public SketchState createGroupedState() {
        return HeapSketchState.ofManyGroups();
    }

    @Override
    public Class<? extends SketchState> getGroupedStateClass() {
        return HeapSketchState.class;
    }
}
