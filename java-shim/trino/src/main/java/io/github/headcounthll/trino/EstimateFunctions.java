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

    @ScalarFunction("cardinality")
    @Description("The number of distinct ids, exactly as spark-hyperloglog's hll_cardinality estimates it.")
    @SqlType(StandardTypes.BIGINT)
    public static long cardinality(@SqlType(HllType.NAME) Slice sketch) {
        return translatingLong(() ->
                Engine.functions().cardinality(sketch.byteArray(), sketch.byteArrayOffset(), sketch.length()));
    }

    @ScalarFunction("hll_cardinality")
    @Description("Spark's name for cardinality.")
    @SqlType(StandardTypes.BIGINT)
    public static long cardinalityForSpark(@SqlType(HllType.NAME) Slice sketch) {
        return cardinality(sketch);
    }

    @ScalarFunction("hll_cardinality")
    @Description("Spark's hll_cardinality: the cardinality of a sketch from its bytes.")
    @SqlType(StandardTypes.BIGINT)
    public static long cardinalityOfBytes(@SqlType(StandardTypes.VARBINARY) Slice bytes) {
        return cardinality(bytes);
    }

    @ScalarFunction("hll_estimate")
    @Description("The number of distinct ids by Ertl's improved estimator, without cardinality's error between 2.5 and 5"
            + " ids a register.")
    @SqlType(StandardTypes.DOUBLE)
    public static double estimate(@SqlType(HllType.NAME) Slice sketch) {
        return translatingValue(() ->
                Engine.functions().estimate(sketch.byteArray(), sketch.byteArrayOffset(), sketch.length()));
    }

    @ScalarFunction("hll_bounds")
    @Description("The bounds of hll_estimate at 1, 2 or 3 sigmas.")
    @SqlType("row(lower double, upper double)")
    public static SqlRow bounds(@SqlType(HllType.NAME) Slice sketch, @SqlType(StandardTypes.BIGINT) long sigmas) {
        return translatingValue(() -> row(Engine.functions().bounds(
                sketch.byteArray(), sketch.byteArrayOffset(), sketch.length(), sigmas)));
    }

    @ScalarFunction("hll_intersection")
    @Description("How many ids two sketches share, by joint maximum likelihood, with bounds at 2 sigmas: lower is 0 where"
            + " the overlap cannot be told from none.")
    @SqlType("row(estimate double, lower double, upper double)")
    public static SqlRow intersection(@SqlType(HllType.NAME) Slice a, @SqlType(HllType.NAME) Slice b) {
        return translatingValue(() -> row(Engine.functions().intersection(
                a.byteArray(), a.byteArrayOffset(), a.length(), b.byteArray(), b.byteArrayOffset(), b.length())));
    }

    @ScalarFunction("hll_jaccard")
    @Description("The share of the ids of two sketches that both have, 0 to 1, from the estimate of hll_intersection.")
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
