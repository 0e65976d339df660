// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.common.block.Block;
import com.facebook.presto.common.block.BlockBuilder;
import com.facebook.presto.common.type.DoubleType;
import com.facebook.presto.common.type.RowType;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Turns doubles into a row, the result of a function for PrestoDB. Null returns null. */
final class Results {
    private Results() {}

    /** A row of a type that {@link #doubles} made. */
    static Block row(RowType type, double[] values) {
        if (values == null) {
            return null;
        }
        BlockBuilder out = type.createBlockBuilder(null, 1);
        BlockBuilder fields = out.beginBlockEntry();
        for (double value : values) {
            DoubleType.DOUBLE.writeDouble(fields, value);
        }
        out.closeEntry();
        return type.getObject(out, 0);
    }

    /** The type of a row of doubles. */
    static RowType doubles(String... names) {
        return RowType.from(Arrays.stream(names)
                .map(name -> RowType.field(name, DoubleType.DOUBLE))
                .collect(Collectors.toList()));
    }
}
