package io.github.headcounthll.presto;

import static io.github.headcounthll.presto.Errors.translatingValue;
import static io.github.headcounthll.presto.SliceBlocks.bytesOf;

import com.facebook.presto.common.block.Block;
import com.facebook.presto.common.type.StandardTypes;
import com.facebook.presto.spi.function.BlockIndex;
import com.facebook.presto.spi.function.BlockPosition;
import com.facebook.presto.spi.function.Description;
import com.facebook.presto.spi.function.LiteralParameters;
import com.facebook.presto.spi.function.ScalarFunction;
import com.facebook.presto.spi.function.SqlNullable;
import com.facebook.presto.spi.function.SqlType;
import io.airlift.slice.Slice;
import io.airlift.slice.Slices;
import io.github.headcounthll.core.Bytes;
import io.github.headcounthll.core.ColumnFunctions.Call;
import io.github.headcounthll.core.GroupedSketches;

/** Scalar functions that make, unite and describe sketches; of one column with two forms, as in {@link EstimateFunctions}. */
public final class SketchFunctions {
    static final long DEFAULT_PRECISION = 12;

    private SketchFunctions() {}

    /** {@code hll_create(varchar)}. */
    @ScalarFunction(value = "hll_create", calledOnNullInput = true)
    @Description("The sketch of one id at precision 12. The id is hashed by its UTF-8 bytes as they are.")
    public static final class Create {
        private Create() {}

        @LiteralParameters("x")
        @SqlNullable
        @SqlType(HllType.NAME)
        public static Slice value(@SqlNullable @SqlType("varchar(x)") Slice id) {
            return translatingValue(() -> Engine.scalars().sketch(Call.CREATE, id, DEFAULT_PRECISION));
        }

        @LiteralParameters("x")
        @SqlNullable
        @SqlType(HllType.NAME)
        public static Slice row(
                @BlockPosition @SqlType(value = "varchar(x)", nativeContainerType = Slice.class) Block ids,
                @BlockIndex int position) {
            return translatingValue(() -> Engine.scalars().sketch(Call.CREATE, ids, position, DEFAULT_PRECISION));
        }
    }

    /** {@code hll_create(varchar, bigint)}. */
    @ScalarFunction(value = "hll_create", calledOnNullInput = true)
    @Description("The sketch of one id at a precision, 4 to 24.")
    public static final class CreateAtPrecision {
        private CreateAtPrecision() {}

        @LiteralParameters("x")
        @SqlNullable
        @SqlType(HllType.NAME)
        public static Slice value(@SqlNullable @SqlType("varchar(x)") Slice id, @SqlType(StandardTypes.BIGINT) long precision) {
            return translatingValue(() -> Engine.scalars().sketch(Call.CREATE, id, precision));
        }

        @LiteralParameters("x")
        @SqlNullable
        @SqlType(HllType.NAME)
        public static Slice row(
                @BlockPosition @SqlType(value = "varchar(x)", nativeContainerType = Slice.class) Block ids,
                @BlockIndex int position,
                @SqlType(StandardTypes.BIGINT) long precision) {
            return translatingValue(() -> Engine.scalars().sketch(Call.CREATE, ids, position, precision));
        }
    }

    @ScalarFunction("empty_hll")
    @Description("The sketch of no ids at precision 12.")
    @SqlType(HllType.NAME)
    public static Slice empty() {
        return empty(DEFAULT_PRECISION);
    }

    @ScalarFunction("empty_hll")
    @Description("The sketch of no ids at a precision, 4 to 24.")
    @SqlType(HllType.NAME)
    public static Slice empty(@SqlType(StandardTypes.BIGINT) long precision) {
        return translatingValue(() -> Slices.wrappedBuffer(Engine.functions().empty(precision)));
    }

    @ScalarFunction("hll_union")
    @Description("The union of two sketches.")
    @SqlType(HllType.NAME)
    public static Slice union(@SqlType(HllType.NAME) Slice a, @SqlType(HllType.NAME) Slice b) {
        Bytes x = bytesOf(a);
        Bytes y = bytesOf(b);
        return translatingValue(() -> Slices.wrappedBuffer(Engine.functions().union(
                x.array(), x.start(), x.length(), y.array(), y.start(), y.length())));
    }

    @ScalarFunction("hll_union")
    @Description("The union of the sketches in an array.")
    @SqlNullable
    @SqlType(HllType.NAME)
    public static Slice union(@SqlType("array(HLL)") Block sketches) {
        return translatingValue(() -> {
            GroupedSketches union = Engine.newSketches(1);
            for (int i = 0; i < sketches.getPositionCount(); i++) {
                if (!sketches.isNull(i)) {
                    Bytes row = bytesOf(sketches.getSlice(i, 0, sketches.getSliceLength(i)));
                    union.merge(0, row.array(), row.start(), row.length());
                }
            }
            byte[] encoded = union.sketch(0);
            return encoded == null ? null : Slices.wrappedBuffer(encoded);
        });
    }

    /** {@code hll_precision(HLL)}. */
    @ScalarFunction(value = "hll_precision", calledOnNullInput = true)
    @Description("The sketch's precision, 4 to 24.")
    public static final class Precision {
        private Precision() {}

        @SqlNullable
        @SqlType(StandardTypes.BIGINT)
        public static Long value(@SqlNullable @SqlType(HllType.NAME) Slice sketch) {
            return translatingValue(() -> Engine.scalars().number(Call.PRECISION, sketch));
        }

        @SqlNullable
        @SqlType(StandardTypes.BIGINT)
        public static Long row(
                @BlockPosition @SqlType(value = HllType.NAME, nativeContainerType = Slice.class) Block sketches,
                @BlockIndex int position) {
            return translatingValue(() -> Engine.scalars().number(Call.PRECISION, sketches, position));
        }
    }

    /** {@code hll_reduce(HLL, bigint)}. */
    @ScalarFunction(value = "hll_reduce", calledOnNullInput = true)
    @Description("The sketch at a smaller precision, exactly as if it had been made there.")
    public static final class Reduce {
        private Reduce() {}

        @SqlNullable
        @SqlType(HllType.NAME)
        public static Slice value(
                @SqlNullable @SqlType(HllType.NAME) Slice sketch, @SqlType(StandardTypes.BIGINT) long precision) {
            return translatingValue(() -> Engine.scalars().sketch(Call.REDUCE, sketch, precision));
        }

        @SqlNullable
        @SqlType(HllType.NAME)
        public static Slice row(
                @BlockPosition @SqlType(value = HllType.NAME, nativeContainerType = Slice.class) Block sketches,
                @BlockIndex int position,
                @SqlType(StandardTypes.BIGINT) long precision) {
            return translatingValue(() -> Engine.scalars().sketch(Call.REDUCE, sketches, position, precision));
        }
    }
}
