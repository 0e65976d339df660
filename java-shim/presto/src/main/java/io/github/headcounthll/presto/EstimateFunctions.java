package io.github.headcounthll.presto;

import static io.github.headcounthll.presto.Errors.translatingLong;
import static io.github.headcounthll.presto.Errors.translatingValue;

import com.facebook.presto.common.block.Block;
import com.facebook.presto.common.block.BlockBuilder;
import com.facebook.presto.common.type.DoubleType;
import com.facebook.presto.common.type.RowType;
import com.facebook.presto.common.type.StandardTypes;
import com.facebook.presto.spi.function.Description;
import com.facebook.presto.spi.function.ScalarFunction;
import com.facebook.presto.spi.function.SqlType;
import io.airlift.slice.Slice;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Scalar functions that count. */
public final class EstimateFunctions {
    private static final RowType BOUNDS = doubles("lower", "upper");
    private static final RowType INTERVAL = doubles("estimate", "lower", "upper");

    private EstimateFunctions() {}

    @ScalarFunction("cardinality")
    @Description("The number of distinct ids, exactly as spark-hyperloglog's hll_cardinality estimates it.")
    @SqlType(StandardTypes.BIGINT)
    public static long cardinality(@SqlType(HllType.NAME) Slice sketch) {
        Bytes row = Bytes.of(sketch);
        return translatingLong(() ->
                Engine.functions().cardinality(row.array(), row.start(), row.length()));
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
        Bytes row = Bytes.of(sketch);
        return translatingValue(() ->
                Engine.functions().estimate(row.array(), row.start(), row.length()));
    }

    @ScalarFunction("hll_bounds")
    @Description("The bounds of hll_estimate at 1, 2 or 3 sigmas.")
    @SqlType("row(lower double, upper double)")
    public static Block bounds(@SqlType(HllType.NAME) Slice sketch, @SqlType(StandardTypes.BIGINT) long sigmas) {
        Bytes row = Bytes.of(sketch);
        return translatingValue(() -> row(BOUNDS, Engine.functions().bounds(
                row.array(), row.start(), row.length(), sigmas)));
    }

    @ScalarFunction("hll_intersection")
    @Description("How many ids two sketches share, by joint maximum likelihood, with bounds at 2 sigmas: lower is 0 where"
            + " the overlap cannot be told from none.")
    @SqlType("row(estimate double, lower double, upper double)")
    public static Block intersection(@SqlType(HllType.NAME) Slice a, @SqlType(HllType.NAME) Slice b) {
        Bytes x = Bytes.of(a);
        Bytes y = Bytes.of(b);
        return translatingValue(() -> row(INTERVAL, Engine.functions().intersection(
                x.array(), x.start(), x.length(), y.array(), y.start(), y.length())));
    }

    @ScalarFunction("hll_jaccard")
    @Description("The share of the ids of two sketches that both have, 0 to 1, from the estimate of hll_intersection.")
    @SqlType(StandardTypes.DOUBLE)
    public static double jaccard(@SqlType(HllType.NAME) Slice a, @SqlType(HllType.NAME) Slice b) {
        Bytes x = Bytes.of(a);
        Bytes y = Bytes.of(b);
        return translatingValue(() -> Engine.functions().jaccard(
                x.array(), x.start(), x.length(), y.array(), y.start(), y.length()));
    }

    private static Block row(RowType type, double[] values) {
        BlockBuilder out = type.createBlockBuilder(null, 1);
        BlockBuilder fields = out.beginBlockEntry();
        for (double value : values) {
            DoubleType.DOUBLE.writeDouble(fields, value);
        }
        out.closeEntry();
        return type.getObject(out, 0);
    }

    private static RowType doubles(String... names) {
        return RowType.from(Arrays.stream(names).map(name -> RowType.field(name, DoubleType.DOUBLE)).collect(Collectors.toList()));
    }
}
