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

    private static Long cardinalityOf(Slice sketch) {
        if (sketch == null) {
            return null;
        }
        ColumnFunctions columns = Engine.columnFunctions();
        return translatingLong(() -> columns == null
                ? Engine.functions().cardinality(sketch.byteArray(), sketch.byteArrayOffset(), sketch.length())
                : BlockCalls.number(columns, Call.CARDINALITY, sketch));
    }

    private static Long cardinalityOf(VariableWidthBlock sketches, int position) {
        ColumnFunctions columns = Engine.columnFunctions();
        if (columns == null || sketches.isNull(position)) {
            return cardinalityOf(sliceOrNull(sketches, position));
        }
        return translatingLong(() -> BlockCalls.number(columns, Call.CARDINALITY, sketches, position));
    }

    /** A row's bytes, or null for a NULL. */
    static Slice sliceOrNull(VariableWidthBlock block, int position) {
        return block.isNull(position) ? null : block.getSlice(position);
    }

    /** {@code cardinality(HLL)}. */
    @ScalarFunction("cardinality")
    @Description("The number of distinct ids, exactly as spark-hyperloglog's hll_cardinality estimates it.")
    public static final class Cardinality {
        private Cardinality() {}

        @SqlNullable
        @SqlType(StandardTypes.BIGINT)
        public static Long value(@SqlNullable @SqlType(HllType.NAME) Slice sketch) {
            return cardinalityOf(sketch);
        }

        @SqlNullable
        @SqlType(StandardTypes.BIGINT)
        public static Long row(
                @SqlNullable @BlockPosition @SqlType(value = HllType.NAME, nativeContainerType = Slice.class) VariableWidthBlock sketches,
                @BlockIndex int position) {
            return cardinalityOf(sketches, position);
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
            return cardinalityOf(sketch);
        }

        @SqlNullable
        @SqlType(StandardTypes.BIGINT)
        public static Long row(
                @SqlNullable @BlockPosition @SqlType(value = HllType.NAME, nativeContainerType = Slice.class) VariableWidthBlock sketches,
                @BlockIndex int position) {
            return cardinalityOf(sketches, position);
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
            return cardinalityOf(bytes);
        }

        @SqlNullable
        @SqlType(StandardTypes.BIGINT)
        public static Long row(
                @SqlNullable @BlockPosition @SqlType(value = StandardTypes.VARBINARY, nativeContainerType = Slice.class) VariableWidthBlock bytes,
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

        @SqlNullable
        @SqlType(StandardTypes.DOUBLE)
        public static Double value(@SqlNullable @SqlType(HllType.NAME) Slice sketch) {
            if (sketch == null) {
                return null;
            }
            ColumnFunctions columns = Engine.columnFunctions();
            return translatingValue(() -> columns == null
                    ? Engine.functions().estimate(sketch.byteArray(), sketch.byteArrayOffset(), sketch.length())
                    : BlockCalls.doubles(columns, Call.ESTIMATE, sketch, 0, 1)[0]);
        }

        @SqlNullable
        @SqlType(StandardTypes.DOUBLE)
        public static Double row(
                @SqlNullable @BlockPosition @SqlType(value = HllType.NAME, nativeContainerType = Slice.class) VariableWidthBlock sketches,
                @BlockIndex int position) {
            ColumnFunctions columns = Engine.columnFunctions();
            if (columns == null || sketches.isNull(position)) {
                return value(sliceOrNull(sketches, position));
            }
            return translatingValue(() -> BlockCalls.doubles(columns, Call.ESTIMATE, sketches, position, 0, 1)[0]);
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
            if (sketch == null) {
                return null;
            }
            ColumnFunctions columns = Engine.columnFunctions();
            return translatingValue(() -> fields(columns == null
                    ? Engine.functions().bounds(sketch.byteArray(), sketch.byteArrayOffset(), sketch.length(), sigmas)
                    : BlockCalls.doubles(columns, Call.BOUNDS, sketch, sigmas, 2)));
        }

        @SqlNullable
        @SqlType("row(lower double, upper double)")
        public static SqlRow row(
                @SqlNullable @BlockPosition @SqlType(value = HllType.NAME, nativeContainerType = Slice.class) VariableWidthBlock sketches,
                @BlockIndex int position,
                @SqlType(StandardTypes.BIGINT) long sigmas) {
            ColumnFunctions columns = Engine.columnFunctions();
            if (columns == null || sketches.isNull(position)) {
                return value(sliceOrNull(sketches, position), sigmas);
            }
            return translatingValue(() -> fields(BlockCalls.doubles(columns, Call.BOUNDS, sketches, position, sigmas, 2)));
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
