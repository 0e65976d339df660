package io.github.headcounthll.presto;

import com.facebook.presto.common.block.Block;
import com.facebook.presto.common.block.BlockBuilder;
import com.facebook.presto.common.type.StandardTypes;
import com.facebook.presto.spi.function.AggregationFunction;
import com.facebook.presto.spi.function.AggregationState;
import com.facebook.presto.spi.function.BlockIndex;
import com.facebook.presto.spi.function.BlockPosition;
import com.facebook.presto.spi.function.CombineFunction;
import com.facebook.presto.spi.function.Description;
import com.facebook.presto.spi.function.InputFunction;
import com.facebook.presto.spi.function.OutputFunction;
import com.facebook.presto.spi.function.SqlType;

/** {@code hll_merge(varbinary)}: Spark's signature, for queries that run unchanged in both. */
@AggregationFunction("hll_merge")
@Description("Spark's hll_merge: the union of a group's sketches, from bytes to bytes.")
public final class SparkMergeVarbinaryAggregation {
    private SparkMergeVarbinaryAggregation() {}

    @InputFunction
    public static void input(
            @AggregationState SketchState state,
            @BlockPosition @SqlType(StandardTypes.VARBINARY) Block sketches,
            @BlockIndex int position) {
        state.merge(sketches, position);
    }

    @CombineFunction
    public static void combine(@AggregationState SketchState state, @AggregationState SketchState other) {
        state.combine(other);
    }

    @OutputFunction(StandardTypes.VARBINARY)
    public static void output(@AggregationState SketchState state, BlockBuilder out) {
        state.write(out);
    }
}
