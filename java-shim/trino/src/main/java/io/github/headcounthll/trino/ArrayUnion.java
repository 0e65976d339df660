// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import io.airlift.slice.Slice;
import io.airlift.slice.Slices;
import io.github.headcounthll.core.api.GroupedSketches;
import io.trino.spi.block.Block;
import io.trino.spi.block.VariableWidthBlock;

/** The union of the sketches in an array. NULL elements are skipped; without any other the union is null. */
final class ArrayUnion {
    private ArrayUnion() {}

    static Slice of(Block sketches) {
        if (!(sketches.getUnderlyingValueBlock() instanceof VariableWidthBlock values)) {
            throw new IllegalArgumentException("an array of HLL in a " + sketches.getUnderlyingValueBlock());
        }
        GroupedSketches union = Backends.newSketches(1);
        for (int i = 0; i < sketches.getPositionCount(); i++) {
            if (!sketches.isNull(i)) {
                Slice sketch = values.getSlice(sketches.getUnderlyingValuePosition(i));
                union.merge(0, sketch.byteArray(), sketch.byteArrayOffset(), sketch.length());
            }
        }
        byte[] encoded = union.sketch(0);
        return encoded == null ? null : Slices.wrappedBuffer(encoded);
    }
}
