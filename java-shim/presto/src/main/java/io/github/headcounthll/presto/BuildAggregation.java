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
import com.facebook.presto.spi.function.LiteralParameters;
import com.facebook.presto.spi.function.OutputFunction;
import com.facebook.presto.spi.function.SqlType;

/** {@code hll_agg} of ids at the default precision: a sketch straight from ids, without a sketch for each. */
@AggregationFunction("hll_agg")
@Description("The sketch of a group's ids at precision 12, without a sketch for each.")
public final class BuildAggregation {
    private BuildAggregation() {}

    @InputFunction
    @LiteralParameters("x")
    public static void varchar(
            @AggregationState SketchState state,
            @BlockPosition @SqlType("varchar(x)") Block ids,
            @BlockIndex int position) {
        state.add(ids, position, SketchFunctions.DEFAULT_PRECISION);
    }

    @InputFunction
    public static void varbinary(
            @AggregationState SketchState state,
            @BlockPosition @SqlType(StandardTypes.VARBINARY) Block ids,
            @BlockIndex int position) {
        state.add(ids, position, SketchFunctions.DEFAULT_PRECISION);
    }

    @InputFunction
    public static void bigint(@AggregationState SketchState state, @SqlType(StandardTypes.BIGINT) long id) {
        state.add(id, SketchFunctions.DEFAULT_PRECISION);
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
