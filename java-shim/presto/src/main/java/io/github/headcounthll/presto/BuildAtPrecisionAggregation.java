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

/**
 * {@code hll_agg} of ids and a precision. A class of its own, because PrestoDB takes one signature with a length
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
            @BlockPosition @SqlType("varchar(x)") Block ids,
            @BlockIndex int position,
            @SqlType(StandardTypes.BIGINT) long precision) {
        state.add(ids, position, precision);
    }

    @InputFunction
    public static void varbinary(
            @AggregationState SketchState state,
            @BlockPosition @SqlType(StandardTypes.VARBINARY) Block ids,
            @BlockIndex int position,
            @SqlType(StandardTypes.BIGINT) long precision) {
        state.add(ids, position, precision);
    }

    @InputFunction
    public static void bigint(
            @AggregationState SketchState state,
            @SqlType(StandardTypes.BIGINT) long id,
            @SqlType(StandardTypes.BIGINT) long precision) {
        state.add(id, precision);
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
