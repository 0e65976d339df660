package io.github.headcounthll.trino;

import static io.github.headcounthll.trino.Errors.translatingLong;
import static io.github.headcounthll.trino.Errors.translatingValue;

import io.airlift.slice.Slice;
import io.github.headcounthll.core.ColumnFunctions;
import io.github.headcounthll.core.ColumnFunctions.Call;
import io.trino.spi.block.Block;
import io.trino.spi.block.LongArrayBlock;
import io.trino.spi.block.SqlRow;
import io.trino.spi.block.VariableWidthBlock;
import io.trino.spi.function.BlockIndex;
import io.trino.spi.function.BlockPosition;
import io.trino.spi.function.Description;
import io.trino.spi.function.ScalarFunction;
import io.trino.spi.function.SqlType;
import io.trino.spi.type.StandardTypes;
import java.util.Optional;

/**
 * Scalar functions that count. Those of one sketch are classes with two forms: of a value, and of a row of a block,
 * which Trino takes where the argument is a column.
 */
public final class EstimateFunctions {
    private EstimateFunctions() {}

    private static long cardinalityOf(Slice sketch) {
        return translatingLong(() ->
                Engine.functions().cardinality(sketch.byteArray(), sketch.byteArrayOffset(), sketch.length()));
    }

    private static long cardinalityOf(VariableWidthBlock sketches, int position) {
        ColumnFunctions columns = Engine.columnFunctions();
        return columns == null
                ? cardinalityOf(sketches.getSlice(position))
                : translatingLong(() -> BlockCalls.number(columns, Call.CARDINALITY, sketches, position));
    }

    /** {@code cardinality(HLL)}. */
    @ScalarFunction("cardinality")
    @Description("The number of distinct ids, exactly as spark-hyperloglog's hll_cardinality estimates it.")
    public static final class Cardinality {
        private Cardinality() {}

        @SqlType(StandardTypes.BIGINT)
        public static long value(@SqlType(HllType.NAME) Slice sketch) {
            return cardinalityOf(sketch);
        }

        @SqlType(StandardTypes.BIGINT)
        public static long row(
                @BlockPosition @SqlType(value = HllType.NAME, nativeContainerType = Slice.class) VariableWidthBlock sketches,
                @BlockIndex int position) {
            return cardinalityOf(sketches, position);
        }
    }

    /** {@code hll_cardinality(HLL)}. */
    @ScalarFunction("hll_cardinality")
    @Description("Spark's name for cardinality.")
    public static final class CardinalityForSpark {
        private CardinalityForSpark() {}

        @SqlType(StandardTypes.BIGINT)
        public static long value(@SqlType(HllType.NAME) Slice sketch) {
            return cardinalityOf(sketch);
        }

        @SqlType(StandardTypes.BIGINT)
        public static long row(
                @BlockPosition @SqlType(value = HllType.NAME, nativeContainerType = Slice.class) VariableWidthBlock sketches,
                @BlockIndex int position) {
            return cardinalityOf(sketches, position);
        }
    }

    /** {@code hll_cardinality(varbinary)}. */
    @ScalarFunction("hll_cardinality")
    @Description("Spark's hll_cardinality: the cardinality of a sketch from its bytes.")
    public static final class CardinalityOfBytes {
        private CardinalityOfBytes() {}

        @SqlType(StandardTypes.BIGINT)
        public static long value(@SqlType(StandardTypes.VARBINARY) Slice bytes) {
            return cardinalityOf(bytes);
        }

        @SqlType(StandardTypes.BIGINT)
        public static long row(
                @BlockPosition @SqlType(value = StandardTypes.VARBINARY, nativeContainerType = Slice.class) VariableWidthBlock bytes,
                @BlockIndex int position) {
            return cardinalityOf(bytes, position);
        }
    }

    /** {@code hll_estimate(HLL)}. */
    @ScalarFunction("hll_estimate")
    @Description("The number of distinct ids by Ertl's improved estimator, without cardinality's error between 2.5 and 5"
            + " ids a register.")
    public static final class Estimate {
        private Estimate() {}

        @SqlType(StandardTypes.DOUBLE)
        public static double value(@SqlType(HllType.NAME) Slice sketch) {
            return translatingValue(() ->
                    Engine.functions().estimate(sketch.byteArray(), sketch.byteArrayOffset(), sketch.length()));
        }

        @SqlType(StandardTypes.DOUBLE)
        public static double row(
                @BlockPosition @SqlType(value = HllType.NAME, nativeContainerType = Slice.class) VariableWidthBlock sketches,
                @BlockIndex int position) {
            ColumnFunctions columns = Engine.columnFunctions();
            return columns == null
                    ? value(sketches.getSlice(position))
                    : translatingValue(() -> BlockCalls.doubles(columns, Call.ESTIMATE, sketches, position, 0, 1)[0]);
        }
    }

    /** {@code hll_bounds(HLL, bigint)}. */
    @ScalarFunction("hll_bounds")
    @Description("The bounds of hll_estimate at 1, 2 or 3 sigmas.")
    public static final class Bounds {
        private Bounds() {}

        @SqlType("row(lower double, upper double)")
        public static SqlRow value(@SqlType(HllType.NAME) Slice sketch, @SqlType(StandardTypes.BIGINT) long sigmas) {
            return translatingValue(() -> fields(Engine.functions().bounds(
                    sketch.byteArray(), sketch.byteArrayOffset(), sketch.length(), sigmas)));
        }

        @SqlType("row(lower double, upper double)")
        public static SqlRow row(
                @BlockPosition @SqlType(value = HllType.NAME, nativeContainerType = Slice.class) VariableWidthBlock sketches,
                @BlockIndex int position,
                @SqlType(StandardTypes.BIGINT) long sigmas) {
            ColumnFunctions columns = Engine.columnFunctions();
            double[] bounds = columns == null
                    ? null
                    : translatingValue(() -> BlockCalls.doubles(columns, Call.BOUNDS, sketches, position, sigmas, 2));
            return bounds == null ? value(sketches.getSlice(position), sigmas) : fields(bounds);
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

    /** A row of doubles; a block keeps them as their bits. */
    private static SqlRow fields(double[] values) {
        Block[] fields = new Block[values.length];
        for (int i = 0; i < values.length; i++) {
            fields[i] = new LongArrayBlock(1, Optional.empty(), new long[] {Double.doubleToLongBits(values[i])});
        }
        return new SqlRow(0, fields);
    }
}
