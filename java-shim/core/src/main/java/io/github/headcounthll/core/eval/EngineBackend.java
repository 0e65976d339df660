// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.eval;

import io.github.headcounthll.core.api.ArraySum;
import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.api.Bytes;
import io.github.headcounthll.core.api.GroupedSketches;

/**
 * The backend of one plugin. Engines call static methods of the plugin's classes, which find the backend in a static
 * field of this type.
 *
 * @param <B> the engine's block
 * @param <V> the engine's value
 */
public final class EngineBackend<B, V> {
    private final Blocks<B, V> blocks;
    private volatile Backend backend;
    private volatile ScalarCalls<B, V> scalars;

    public EngineBackend(Blocks<B, V> blocks) {
        this.blocks = blocks;
    }

    /** Sets the backend, before any other call. */
    public void use(Backend opened) {
        scalars = new ScalarCalls<>(opened, blocks);
        backend = opened;
    }

    /** The scalar functions. */
    public ScalarCalls<B, V> scalars() {
        return scalars;
    }

    /** An empty aggregation state. */
    public GroupedSketches newSketches(int groups) {
        return backend.newSketches(groups);
    }

    /** An empty state of sums of arrays. */
    public GroupedSketches newSums(ArraySum sum, int groups) {
        return backend.newSums(sum, groups);
    }

    /** The union of the sketches of a block's rows; null if all are NULL. */
    public V union(B sketches) {
        GroupedSketches union = newSketches(1);
        B holder = blocks.holder(sketches);
        for (int row = 0; row < blocks.rows(sketches); row++) {
            if (!blocks.isNull(sketches, row)) {
                Bytes sketch = blocks.bytes(blocks.value(holder, blocks.position(sketches, row)));
                union.merge(0, sketch.array(), sketch.start(), sketch.length());
            }
        }
        byte[] encoded = union.sketch(0);
        return encoded == null ? null : blocks.value(encoded);
    }
}
