package io.github.headcounthll.presto;

import static io.github.headcounthll.presto.Errors.translatingValue;
import static io.github.headcounthll.presto.SliceBlocks.bytesOf;

import com.facebook.presto.common.block.Block;
import com.facebook.presto.common.block.BlockBuilder;
import com.facebook.presto.common.type.DoubleType;
import com.facebook.presto.common.type.RowType;
import com.facebook.presto.common.type.StandardTypes;
import com.facebook.presto.spi.function.BlockIndex;
import com.facebook.presto.spi.function.BlockPosition;
import com.facebook.presto.spi.function.Description;
import com.facebook.presto.spi.function.ScalarFunction;
import com.facebook.presto.spi.function.SqlNullable;
import com.facebook.presto.spi.function.SqlType;
import io.airlift.slice.Slice;
import io.github.headcounthll.core.Bytes;
import io.github.headcounthll.core.ColumnFunctions.Call;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Scalar functions that count. Those of one sketch are classes with two forms: of a value, and of a row of a block,
 * which PrestoDB takes where the argument is a column.
 */
public final class EstimateFunctions {
    private static final RowType BOUNDS = doubles("lower", "upper");
    private static final RowType INTERVAL = doubles("estimate", "lower", "upper");

    private EstimateFunctions() {}

    /** {@code cardinality(HLL)}. */
    @ScalarFunction(value = "cardinality", calledOnNullInput = true)
    @Description("The number of distinct ids, exactly as spark-hyperloglog's hll_cardinality estimates it.")
    public static final class Cardinality {
        private Cardinality() {}

        @SqlNullable
        @SqlType(StandardTypes.BIGINT)
        public static Long value(@SqlNullable @SqlType(HllType.NAME) Slice sketch) {
            return translatingValue(() -> Engine.scalars().number(Call.CARDINALITY, sketch));
        }

        @SqlNullable
        @SqlType(StandardTypes.BIGINT)
        public static Long row(
                @BlockPosition @SqlType(value = HllType.NAME, nativeContainerType = Slice.class) Block sketches,
                @BlockIndex int position) {
            return translatingValue(() -> Engine.scalars().number(Call.CARDINALITY, sketches, position));
        }
    }

    /** {@code hll_cardinality(HLL)}. */
    @ScalarFunction(value = "hll_cardinality", calledOnNullInput = true)
    @Description("Spark's name for cardinality.")
    public static final class CardinalityForSpark {
        private CardinalityForSpark() {}

        @SqlNullable
        @SqlType(StandardTypes.BIGINT)
        public static Long value(@SqlNullable @SqlType(HllType.NAME) Slice sketch) {
            return translatingValue(() -> Engine.scalars().number(Call.CARDINALITY, sketch));
        }

        @SqlNullable
        @SqlType(StandardTypes.BIGINT)
        public static Long row(
                @BlockPosition @SqlType(value = HllType.NAME, nativeContainerType = Slice.class) Block sketches,
                @BlockIndex int position) {
            return translatingValue(() -> Engine.scalars().number(Call.CARDINALITY, sketches, position));
        }
    }

    /** {@code hll_cardinality(varbinary)}. */
    @ScalarFunction(value = "hll_cardinality", calledOnNullInput = true)
    @Description("Spark's hll_cardinality: the cardinality of a sketch from its bytes.")
    public static final class CardinalityOfBytes {
        private CardinalityOfBytes() {}

        @SqlNullable
        @SqlType(StandardTypes.BIGINT)
        public static Long value(@SqlNullable @SqlType(StandardTypes.VARBINARY) Slice bytes) {
            return translatingValue(() -> Engine.scalars().number(Call.CARDINALITY, bytes));
        }

        @SqlNullable
        @SqlType(StandardTypes.BIGINT)
        public static Long row(
                @BlockPosition @SqlType(value = StandardTypes.VARBINARY, nativeContainerType = Slice.class) Block bytes,
                @BlockIndex int position) {
            return translatingValue(() -> Engine.scalars().number(Call.CARDINALITY, bytes, position));
        }
    }

    /** {@code hll_estimate(HLL)}. */
    @ScalarFunction(value = "hll_estimate", calledOnNullInput = true)
    @Description("The number of distinct ids by Ertl's improved estimator, without cardinality's error between 2.5 and 5"
            + " ids a register.")
    public static final class Estimate {
        private Estimate() {}

        @SqlNullable
        @SqlType(StandardTypes.DOUBLE)
        public static Double value(@SqlNullable @SqlType(HllType.NAME) Slice sketch) {
            return first(translatingValue(() -> Engine.scalars().doubles(Call.ESTIMATE, sketch, 0)));
        }

        @SqlNullable
        @SqlType(StandardTypes.DOUBLE)
        public static Double row(
                @BlockPosition @SqlType(value = HllType.NAME, nativeContainerType = Slice.class) Block sketches,
                @BlockIndex int position) {
            return first(translatingValue(() -> Engine.scalars().doubles(Call.ESTIMATE, sketches, position, 0)));
        }
    }

    /** {@code hll_bounds(HLL, bigint)}. */
    @ScalarFunction(value = "hll_bounds", calledOnNullInput = true)
    @Description("The bounds of hll_estimate at 1, 2 or 3 sigmas.")
    public static final class Bounds {
        private Bounds() {}

        @SqlNullable
        @SqlType("row(lower double, upper double)")
        public static Block value(
                @SqlNullable @SqlType(HllType.NAME) Slice sketch, @SqlType(StandardTypes.BIGINT) long sigmas) {
            return fields(BOUNDS, translatingValue(() -> Engine.scalars().doubles(Call.BOUNDS, sketch, sigmas)));
        }

        @SqlNullable
        @SqlType("row(lower double, upper double)")
        public static Block row(
                @BlockPosition @SqlType(value = HllType.NAME, nativeContainerType = Slice.class) Block sketches,
                @BlockIndex int position,
                @SqlType(StandardTypes.BIGINT) long sigmas) {
            return fields(BOUNDS, translatingValue(() -> Engine.scalars().doubles(Call.BOUNDS, sketches, position, sigmas)));
        }
    }

    @ScalarFunction("hll_intersection")
    @Description("How many ids two sketches share, by joint maximum likelihood, with bounds at 2 sigmas: lower is 0 where"
            + " the overlap cannot be told from none.")
    @SqlType("row(estimate double, lower double, upper double)")
    public static Block intersection(@SqlType(HllType.NAME) Slice a, @SqlType(HllType.NAME) Slice b) {
        Bytes x = bytesOf(a);
        Bytes y = bytesOf(b);
        return translatingValue(() -> fields(INTERVAL, Engine.functions().intersection(
                x.array(), x.start(), x.length(), y.array(), y.start(), y.length())));
    }

    @ScalarFunction("hll_jaccard")
    @Description("The share of the ids of two sketches that both have, 0 to 1, from the estimate of hll_intersection.")
    @SqlType(StandardTypes.DOUBLE)
    public static double jaccard(@SqlType(HllType.NAME) Slice a, @SqlType(HllType.NAME) Slice b) {
        Bytes x = bytesOf(a);
        Bytes y = bytesOf(b);
        return translatingValue(() -> Engine.functions().jaccard(
                x.array(), x.start(), x.length(), y.array(), y.start(), y.length()));
    }

    private static Double first(double[] values) {
        return values == null ? null : values[0];
    }

    private static Block fields(RowType type, double[] values) {
        if (values == null) {
            return null;
        }
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
