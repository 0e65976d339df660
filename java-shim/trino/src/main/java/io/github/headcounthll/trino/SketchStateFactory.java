// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import io.trino.spi.function.AccumulatorStateFactory;

/** Makes states; Trino creates it by its name. */
public final class SketchStateFactory implements AccumulatorStateFactory<SketchState> {
    @Override
    public SketchState createSingleState() {
        return HeapSketchState.ofOneGroup();
    }

    @Override
    public SketchState createGroupedState() {
        return HeapSketchState.ofManyGroups();
    }
}
