// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import io.airlift.slice.Slice;
import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.api.GroupedSketches;
import io.github.headcounthll.core.eval.ScalarCalls;
import io.trino.spi.block.VariableWidthBlock;

/** The backend of this class loader's plugin. Trino calls static methods, so that it has to be found statically. */
final class Backends {
    private static volatile Backend backend;
    private static volatile ScalarCalls<VariableWidthBlock, Slice> scalars;

    private Backends() {}

    static void use(Backend chosen) {
        scalars = new ScalarCalls<>(chosen, new SliceBlocks());
        backend = chosen;
    }

    /** The scalar functions. */
    static ScalarCalls<VariableWidthBlock, Slice> scalars() {
        return scalars;
    }

    static GroupedSketches newSketches(int groups) {
        return backend.newSketches(groups);
    }
}
