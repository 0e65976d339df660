package io.github.headcounthll.presto;

import com.facebook.presto.common.block.Block;
import com.facebook.presto.common.block.BlockBuilder;
import com.facebook.presto.spi.function.AggregationFunction;
import com.facebook.presto.spi.function.AggregationState;
import com.facebook.presto.spi.function.BlockIndex;
import com.facebook.presto.spi.function.BlockPosition;
import com.facebook.presto.spi.function.CombineFunction;
import com.facebook.presto.spi.function.Description;
import com.facebook.presto.spi.function.InputFunction;
import com.facebook.presto.spi.function.OutputFunction;
import com.facebook.presto.spi.function.SqlType;

/** {@code merge(HLL)}. PrestoDB leaves NULL rows out before they come here. */
@AggregationFunction("merge")
@Description("The union of a group's sketches.")
public final class MergeAggregation {
    private MergeAggregation() {}

    @InputFunction
    public static void input(
            @AggregationState SketchState state,
            @BlockPosition @SqlType(HllType.NAME) Block sketches,
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
