// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.common.block.Block;
import io.airlift.slice.Slice;
import io.github.headcounthll.core.eval.EngineBackend;

/** The backend of this plugin, which has a class loader of its own. */
final class Backends {
    static final EngineBackend<Block, Slice> BACKEND = new EngineBackend<>(new SliceBlocks());

    private Backends() {}
}
