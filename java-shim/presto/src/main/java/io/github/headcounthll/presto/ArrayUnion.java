// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import static io.github.headcounthll.presto.SliceBlocks.bytesOf;

import com.facebook.presto.common.block.Block;
import io.airlift.slice.Slice;
import io.airlift.slice.Slices;
import io.github.headcounthll.core.api.Bytes;
import io.github.headcounthll.core.api.GroupedSketches;

/** The union of the sketches in an array. NULL elements are skipped; without any other the union is null. */
final class ArrayUnion {
    private ArrayUnion() {}

    static Slice of(Block sketches) {
        GroupedSketches union = Backends.newSketches(1);
        for (int i = 0; i < sketches.getPositionCount(); i++) {
            if (!sketches.isNull(i)) {
                Bytes row = bytesOf(sketches.getSlice(i, 0, sketches.getSliceLength(i)));
                union.merge(0, row.array(), row.start(), row.length());
            }
        }
        byte[] encoded = union.sketch(0);
        return encoded == null ? null : Slices.wrappedBuffer(encoded);
    }
}
