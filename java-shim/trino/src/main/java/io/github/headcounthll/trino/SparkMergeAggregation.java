package io.github.headcounthll.trino;

import io.trino.spi.block.BlockBuilder;
import io.trino.spi.block.VariableWidthBlock;
import io.trino.spi.function.AggregationFunction;
import io.trino.spi.function.AggregationState;
import io.trino.spi.function.BlockIndex;
import io.trino.spi.function.BlockPosition;
import io.trino.spi.function.CombineFunction;
import io.trino.spi.function.Description;
import io.trino.spi.function.InputFunction;
import io.trino.spi.function.OutputFunction;
import io.trino.spi.function.SqlType;

/** {@code hll_merge(HLL)}. Not an alias, which Trino lists twice. */
@AggregationFunction("hll_merge")
@Description("Spark's name for merge.")
public final class SparkMergeAggregation {
    private SparkMergeAggregation() {}

    @InputFunction
    public static void input(
            @AggregationState SketchState state,
            @BlockPosition @SqlType(HllType.NAME) VariableWidthBlock sketches,
            @BlockIndex int position) {
        state.merge(sketches, position);
    }

    @CombineFunction
    public static void combine(@AggregationState SketchState state, @AggregationState SketchState other) {
        state.combine(other);
    }

    @OutputFunction(HllType.NAME)
    public static void output(@AggregationState SketchState state, BlockBuilder out) {
        state.write(out);
    }
}
