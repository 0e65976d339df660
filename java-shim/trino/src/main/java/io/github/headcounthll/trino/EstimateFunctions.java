package io.github.headcounthll.trino;

import static io.github.headcounthll.trino.Errors.translatingValue;

import io.airlift.slice.Slice;
import io.github.headcounthll.core.ColumnFunctions.Call;
import io.trino.spi.block.Block;
import io.trino.spi.block.LongArrayBlock;
import io.trino.spi.block.SqlRow;
import io.trino.spi.block.VariableWidthBlock;
import io.trino.spi.function.BlockIndex;
import io.trino.spi.function.BlockPosition;
import io.trino.spi.function.Description;
import io.trino.spi.function.ScalarFunction;
import io.trino.spi.function.SqlNullable;
import io.trino.spi.function.SqlType;
import io.trino.spi.type.StandardTypes;
import java.util.Optional;

/**
 * Scalar functions that count. Those of one sketch are classes with two forms: of a value, and of a row of a block,
 * which Trino takes where the argument is a column.
 */
public final class EstimateFunctions {
    private EstimateFunctions() {}

    /** {@code cardinality(HLL)}. */
    @ScalarFunction("cardinality")
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
                @SqlNullable @BlockPosition @SqlType(value = HllType.NAME, nativeContainerType = Slice.class) VariableWidthBlock sketches,
                @BlockIndex int position) {
            return translatingValue(() -> Engine.scalars().number(Call.CARDINALITY, sketches, position));
        }
    }

    /** {@code hll_cardinality(HLL)}. */
    @ScalarFunction("hll_cardinality")
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
                @SqlNullable @BlockPosition @SqlType(value = HllType.NAME, nativeContainerType = Slice.class) VariableWidthBlock sketches,
                @BlockIndex int position) {
            return translatingValue(() -> Engine.scalars().number(Call.CARDINALITY, sketches, position));
        }
    }

    /** {@code hll_cardinality(varbinary)}. */
    @ScalarFunction("hll_cardinality")
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
                @SqlNullable @BlockPosition @SqlType(value = StandardTypes.VARBINARY, nativeContainerType = Slice.class) VariableWidthBlock bytes,
                @BlockIndex int position) {
            return translatingValue(() -> Engine.scalars().number(Call.CARDINALITY, bytes, position));
        }
    }

    /** {@code hll_estimate(HLL)}. */
    @ScalarFunction("hll_estimate")
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
                @SqlNullable @BlockPosition @SqlType(value = HllType.NAME, nativeContainerType = Slice.class) VariableWidthBlock sketches,
                @BlockIndex int position) {
            return first(translatingValue(() -> Engine.scalars().doubles(Call.ESTIMATE, sketches, position, 0)));
        }
    }

    /** {@code hll_bounds(HLL, bigint)}. */
    @ScalarFunction("hll_bounds")
    @Description("The bounds of hll_estimate at 1, 2 or 3 sigmas.")
    public static final class Bounds {
        private Bounds() {}

        @SqlNullable
        @SqlType("row(lower double, upper double)")
        public static SqlRow value(
                @SqlNullable @SqlType(HllType.NAME) Slice sketch, @SqlType(StandardTypes.BIGINT) long sigmas) {
            return fields(translatingValue(() -> Engine.scalars().doubles(Call.BOUNDS, sketch, sigmas)));
        }

        @SqlNullable
        @SqlType("row(lower double, upper double)")
        public static SqlRow row(
                @SqlNullable @BlockPosition @SqlType(value = HllType.NAME, nativeContainerType = Slice.class) VariableWidthBlock sketches,
                @BlockIndex int position,
                @SqlType(StandardTypes.BIGINT) long sigmas) {
            return fields(translatingValue(() -> Engine.scalars().doubles(Call.BOUNDS, sketches, position, sigmas)));
        }
    }

    @ScalarFunction("hll_intersection")
    @Description("How many ids two sketches share, by joint maximum likelihood, with bounds at 2 sigmas: lower is 0 where"
            + " the overlap cannot be told from none.")
    @SqlType("row(estimate double, lower double, upper double)")
    public static SqlRow intersection(@SqlType(HllType.NAME) Slice a, @SqlType(HllType.NAME) Slice b) {
        return translatingValue(() -> fields(Engine.functions().intersection(
                a.byteArray(), a.byteArrayOffset(), a.length(), b.byteArray(), b.byteArrayOffset(), b.length())));
    }

    @ScalarFunction("hll_jaccard")
    @Description("The share of the ids of two sketches that both have, 0 to 1, from the estimate of hll_intersection.")
    @SqlType(StandardTypes.DOUBLE)
    public static double jaccard(@SqlType(HllType.NAME) Slice a, @SqlType(HllType.NAME) Slice b) {
        return translatingValue(() -> Engine.functions().jaccard(
                a.byteArray(), a.byteArrayOffset(), a.length(), b.byteArray(), b.byteArrayOffset(), b.length()));
    }

    private static Double first(double[] values) {
        return values == null ? null : values[0];
    }

    /** A row of doubles; a block keeps them as their bits. */
    private static SqlRow fields(double[] values) {
        if (values == null) {
            return null;
        }
        Block[] fields = new Block[values.length];
        for (int i = 0; i < values.length; i++) {
            fields[i] = new LongArrayBlock(1, Optional.empty(), new long[] {Double.doubleToLongBits(values[i])});
        }
        return new SqlRow(0, fields);
    }
}
