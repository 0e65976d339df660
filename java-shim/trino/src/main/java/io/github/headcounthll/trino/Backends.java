// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import io.airlift.slice.Slice;
import io.github.headcounthll.core.eval.EngineBackend;
import io.trino.spi.block.Block;

/** The backend of this plugin, which has a class loader of its own. */
final class Backends {
    static final EngineBackend<Block, Slice> BACKEND = new EngineBackend<>(new SliceBlocks());

    private Backends() {}
}
