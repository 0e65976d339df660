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
import io.trino.spi.type.StandardTypes;

/** {@code hll_merge(varbinary)}: Spark's signature, for queries that run unchanged in both. */
@AggregationFunction("hll_merge")
@Description("Spark's hll_merge: the union of a group's sketches, from bytes to bytes.")
public final class SparkMergeVarbinaryAggregation {
    private SparkMergeVarbinaryAggregation() {}

    @InputFunction
    public static void input(
            @AggregationState SketchState state,
            @BlockPosition @SqlType(StandardTypes.VARBINARY) VariableWidthBlock sketches,
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
