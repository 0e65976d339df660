// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark;

import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.spark.errors.SketchException;
import io.github.headcounthll.spark.library.Library;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.MutableAggregationBuffer;
import org.apache.spark.sql.expressions.UserDefinedAggregateFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A union of sketches by the interface that spark-hyperloglog used, whose state is an encoded sketch or NULL. */
@SuppressWarnings("deprecation")
abstract class SketchUdaf extends UserDefinedAggregateFunction {
    @Override
    public StructType bufferSchema() {
        return new StructType().add("union", DataTypes.BinaryType);
    }

    @Override
    public DataType dataType() {
        return DataTypes.BinaryType;
    }

    @Override
    public boolean deterministic() {
        return true;
    }

    @Override
    public void initialize(MutableAggregationBuffer buffer) {
        buffer.update(0, null);
    }

    @Override
    public void merge(MutableAggregationBuffer buffer, Row other) {
        unite(buffer, other);
    }

    /** Unites the first column of a row with the state; NULL is skipped. */
    final void unite(MutableAggregationBuffer buffer, Row row) {
        if (row.isNullAt(0)) {
            return;
        }
        byte[] sketch = (byte[]) row.get(0);
        byte[] known = (byte[]) buffer.get(0);
        try {
            byte[] other = known == null ? sketch : known;
            buffer.update(0, Library.functions().union(other, 0, other.length, sketch, 0, sketch.length));
        } catch (HeadcountException e) {
            throw SketchException.of(getClass().getSimpleName(), e);
        }
    }

    @Override
    public Object evaluate(Row buffer) {
        return buffer.get(0);
    }
}
