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

/**
 * {@code hll_agg} of ids and a precision. A class of its own, because Trino takes one signature with a length
 * variable ({@code varchar(x)}) from each.
 */
@AggregationFunction("hll_agg")
@Description("The sketch of a group's ids at a precision, 4 to 24.")
public final class BuildAtPrecisionAggregation {
    private BuildAtPrecisionAggregation() {}

    @InputFunction
    @LiteralParameters("x")
    public static void varchar(
            @AggregationState SketchState state,
            @BlockPosition @SqlType("varchar(x)") VariableWidthBlock ids,
            @BlockIndex int position,
            @SqlType(StandardTypes.BIGINT) long precision) {
        state.add(ids, position, precision);
    }

    @InputFunction
    public static void varbinary(
            @AggregationState SketchState state,
            @BlockPosition @SqlType(StandardTypes.VARBINARY) VariableWidthBlock ids,
            @BlockIndex int position,
            @SqlType(StandardTypes.BIGINT) long precision) {
        state.add(ids, position, precision);
    }

    @InputFunction
    public static void bigint(
            @AggregationState SketchState state,
            @BlockPosition @SqlType(StandardTypes.BIGINT) LongArrayBlock ids,
            @BlockIndex int position,
            @SqlType(StandardTypes.BIGINT) long precision) {
        state.add(ids, position, precision);
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
