package io.github.headcounthll.trino;

import static io.github.headcounthll.trino.Errors.translatingLong;
import static io.github.headcounthll.trino.Errors.translatingValue;

import io.airlift.slice.Slice;
import io.trino.spi.block.Block;
import io.trino.spi.block.LongArrayBlock;
import io.trino.spi.block.SqlRow;
import io.trino.spi.function.Description;
import io.trino.spi.function.ScalarFunction;
import io.trino.spi.function.SqlType;
import io.trino.spi.type.StandardTypes;
import java.util.Optional;

/** Scalar functions that count. */
public final class EstimateFunctions {
    private EstimateFunctions() {}

    @ScalarFunction(value = "cardinality", alias = "hll_cardinality")
    @Description("How many distinct ids a sketch has seen, as spark-hyperloglog counts")
    @SqlType(StandardTypes.BIGINT)
    public static long cardinality(@SqlType(HllType.NAME) Slice sketch) {
        return translatingLong(() ->
                Engine.functions().cardinality(sketch.byteArray(), sketch.byteArrayOffset(), sketch.length()));
    }

    @ScalarFunction("hll_cardinality")
    @Description("How many distinct ids an encoded sketch has seen, as spark-hyperloglog counts")
    @SqlType(StandardTypes.BIGINT)
    public static long cardinalityOfBytes(@SqlType(StandardTypes.VARBINARY) Slice bytes) {
        return cardinality(bytes);
    }

    @ScalarFunction("hll_estimate")
    @Description("How many distinct ids a sketch has seen, by Ertl's improved estimator")
    @SqlType(StandardTypes.DOUBLE)
    public static double estimate(@SqlType(HllType.NAME) Slice sketch) {
        return translatingValue(() ->
                Engine.functions().estimate(sketch.byteArray(), sketch.byteArrayOffset(), sketch.length()));
    }

    @ScalarFunction("hll_bounds")
    @Description("Lower and upper bound of hll_estimate at 1, 2 or 3 sigmas")
    @SqlType("row(lower double, upper double)")
    public static SqlRow bounds(@SqlType(HllType.NAME) Slice sketch, @SqlType(StandardTypes.BIGINT) long sigmas) {
        return translatingValue(() -> row(Engine.functions().bounds(
                sketch.byteArray(), sketch.byteArrayOffset(), sketch.length(), sigmas)));
    }

    @ScalarFunction("hll_intersection")
    @Description("How many distinct ids two sketches share, with bounds at 2 sigmas")
    @SqlType("row(estimate double, lower double, upper double)")
    public static SqlRow intersection(@SqlType(HllType.NAME) Slice a, @SqlType(HllType.NAME) Slice b) {
        return translatingValue(() -> row(Engine.functions().intersection(
                a.byteArray(), a.byteArrayOffset(), a.length(), b.byteArray(), b.byteArrayOffset(), b.length())));
    }

    @ScalarFunction("hll_jaccard")
    @Description("Shared ids of two sketches as a part of all their ids, from 0 to 1")
    @SqlType(StandardTypes.DOUBLE)
    public static double jaccard(@SqlType(HllType.NAME) Slice a, @SqlType(HllType.NAME) Slice b) {
        return translatingValue(() -> Engine.functions().jaccard(
                a.byteArray(), a.byteArrayOffset(), a.length(), b.byteArray(), b.byteArrayOffset(), b.length()));
    }

    /** A row of doubles; a block keeps them as their bits. */
    private static SqlRow row(double[] values) {
        Block[] fields = new Block[values.length];
        for (int i = 0; i < values.length; i++) {
            fields[i] = new LongArrayBlock(1, Optional.empty(), new long[] {Double.doubleToLongBits(values[i])});
        }
        return new SqlRow(0, fields);
    }
}
