// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.MutableAggregationBuffer;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The aggregate of spark-hyperloglog's class of this name: the union of the sketches whose condition is true, as
 * hll_filtered_merge. See {@link HyperLogLogMerge}.
 */
public class FilteredHyperLogLogMerge extends SketchUdaf {
    @Override
    public StructType inputSchema() {
        return new StructType().add("sketch", DataTypes.BinaryType).add("condition", DataTypes.BooleanType);
    }

    @Override
    public void update(MutableAggregationBuffer buffer, Row row) {
        if (!row.isNullAt(1) && row.getBoolean(1)) {
            unite(buffer, row);
        }
    }
}
