package io.github.headcounthll.trino;

import io.trino.spi.block.BlockBuilder;
import io.trino.spi.block.LongArrayBlock;
import io.trino.spi.block.VariableWidthBlock;
import io.trino.spi.function.AggregationFunction;
import io.trino.spi.function.AggregationState;
import io.trino.spi.function.BlockIndex;
import io.trino.spi.function.BlockPosition;
import io.trino.spi.function.CombineFunction;
import io.trino.spi.function.Description;
import io.trino.spi.function.InputFunction;
import io.trino.spi.function.LiteralParameters;
import io.trino.spi.function.OutputFunction;
import io.trino.spi.function.SqlType;
import io.trino.spi.type.StandardTypes;

/** {@code hll_agg} of ids at the default precision: a sketch straight from ids, without a sketch for each. */
@AggregationFunction("hll_agg")
@Description("The sketch of a group's ids at precision 12, without a sketch for each.")
public final class BuildAggregation {
    private BuildAggregation() {}

    @InputFunction
    @LiteralParameters("x")
    public static void varchar(
            @AggregationState SketchState state,
            @BlockPosition @SqlType("varchar(x)") VariableWidthBlock ids,
            @BlockIndex int position) {
        state.add(ids, position, SketchFunctions.DEFAULT_PRECISION);
    }

    @InputFunction
    public static void varbinary(
            @AggregationState SketchState state,
            @BlockPosition @SqlType(StandardTypes.VARBINARY) VariableWidthBlock ids,
            @BlockIndex int position) {
        state.add(ids, position, SketchFunctions.DEFAULT_PRECISION);
    }

    @InputFunction
    public static void bigint(
            @AggregationState SketchState state,
            @BlockPosition @SqlType(StandardTypes.BIGINT) LongArrayBlock ids,
            @BlockIndex int position) {
        state.add(ids, position, SketchFunctions.DEFAULT_PRECISION);
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
