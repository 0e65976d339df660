// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import io.trino.spi.block.Block;
import io.trino.spi.block.LongArrayBlock;
import io.trino.spi.block.SqlRow;
import java.util.Optional;

/** Turns doubles into a row, the result of a function for Trino. Null returns null. */
final class Results {
    private Results() {}

    /** A row of doubles; a block keeps them as their bits. */
    static SqlRow row(double[] values) {
        if (values == null) {
            return null;
        }
        Block[] fields = new Block[values.length];
        for (int i = 0; i < values.length; i++) {
            fields[i] = new LongArrayBlock(1, Optional.empty(), new long[] {Double.doubleToLongBits(values[i])});
        }
        return new SqlRow(0, fields);
    }
}
