// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.MutableAggregationBuffer;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The aggregate of spark-hyperloglog's class of this name, to register under a name of one's own:
 *
 * <pre>spark.udf.register("merge_sketches", new HyperLogLogMerge())          // Scala
 * spark.udf.registerJavaUDAF("merge_sketches", "io.github.headcounthll.spark.HyperLogLogMerge")  # Python</pre>
 *
 * <p>It is as slow as Spark's interface for such classes; hll_merge gives the same result.
 */
public class HyperLogLogMerge extends SketchUdaf {
    @Override
    public StructType inputSchema() {
        return new StructType().add("sketch", DataTypes.BinaryType);
    }

    @Override
    public void update(MutableAggregationBuffer buffer, Row row) {
        unite(buffer, row);
    }
}
