// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.common.block.Block;
import io.airlift.slice.Slice;
import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.api.GroupedSketches;
import io.github.headcounthll.core.eval.ScalarCalls;

/** The backend of this class loader's plugin. PrestoDB calls static methods, so that it has to be found statically. */
final class Backends {
    private static volatile Backend backend;
    private static volatile ScalarCalls<Block, Slice> scalars;

    private Backends() {}

    static void use(Backend chosen) {
        scalars = new ScalarCalls<>(chosen, new SliceBlocks());
        backend = chosen;
    }

    /** The scalar functions. */
    static ScalarCalls<Block, Slice> scalars() {
        return scalars;
    }

    static GroupedSketches newSketches(int groups) {
        return backend.newSketches(groups);
    }
}
