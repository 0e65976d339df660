// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.catalog;

import io.github.headcounthll.core.api.Scalar;
import io.github.headcounthll.spark.functions.SparkFunction;
import io.github.headcounthll.spark.state.RowBatch;
import io.github.headcounthll.spark.state.SketchBuffer;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.functions.AggregateFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StringType;

/**
 * An aggregate of the catalog. Its state is a {@link SketchBuffer}, which Spark writes as a byte[] and reads as one: a
 * state that comes from another task is an encoded sketch.
 */
public final class AggregateCall implements AggregateFunction<Serializable, byte[]>, Serializable {
    private final SparkFunction function;
    private transient RowBatch batch;

    AggregateCall(SparkFunction function) {
        this.function = function;
    }

    public SparkFunction function() {
        return function;
    }

    private RowBatch batch() {
        if (batch == null) {
            batch = new RowBatch(function.name());
        }
        return batch;
    }

    private static SketchBuffer buffer(Serializable state) {
        return state instanceof byte[] sketch ? SketchBuffer.of(sketch) : (SketchBuffer) state;
    }

    @Override
    public Serializable newAggregationState() {
        return new SketchBuffer();
    }

    @Override
    public Serializable update(Serializable state, InternalRow row) {
        SketchBuffer buffer = buffer(state);
        boolean hasSecond = function.parameters().size() > 1;
        if (row.isNullAt(0) || hasSecond && row.isNullAt(1)) {
            return buffer;
        }
        switch (function.operation()) {
            case MERGE -> batch().merge(buffer, row, 0);
            case FILTERED_MERGE -> {
                if (row.getBoolean(1)) {
                    batch().merge(buffer, row, 0);
                }
            }
            default -> add(buffer, row, hasSecond ? row.getLong(1) : Scalar.DEFAULT_PRECISION);
        }
        return buffer;
    }

    private void add(SketchBuffer buffer, InternalRow row, long precision) {
        DataType id = function.parameters().get(0).type();
        if (id instanceof StringType) {
            batch().add(buffer, row.getUTF8String(0), precision);
        } else if (id instanceof LongType) {
            batch().add(buffer, row.getLong(0), precision);
        } else if (id instanceof DateType) {
            batch().addDate(buffer, row.getInt(0), precision);
        } else if (id instanceof DecimalType decimal) {
            batch().add(buffer, row.getDecimal(0, decimal.precision(), 0), precision);
        } else {
            batch().add(buffer, row.getBinary(0), precision);
        }
    }

    @Override
    public Serializable merge(Serializable state, Serializable other) {
        SketchBuffer buffer = buffer(state);
        batch().merge(buffer, buffer(other));
        return buffer;
    }

    @Override
    public byte[] produceResult(Serializable state) {
        return buffer(state).sketch();
    }

    @Override
    public DataType[] inputTypes() {
        return function.types();
    }

    @Override
    public DataType resultType() {
        return function.result();
    }

    @Override
    public String name() {
        return function.name();
    }

    @Override
    public String canonicalName() {
        return "headcount." + function.signature();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AggregateCall call && call.function.equals(function);
    }

    @Override
    public int hashCode() {
        return function.hashCode();
    }
}
