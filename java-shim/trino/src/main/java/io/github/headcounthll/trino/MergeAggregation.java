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

/** {@code merge(HLL)}. Trino leaves NULL rows out before they come here. */
@AggregationFunction("merge")
@Description("The union of a group's sketches.")
public final class MergeAggregation {
    private MergeAggregation() {}

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
