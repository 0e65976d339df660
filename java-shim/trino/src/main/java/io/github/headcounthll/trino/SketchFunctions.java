package io.github.headcounthll.trino;

import static io.github.headcounthll.trino.Errors.translatingValue;

import io.airlift.slice.Slice;
import io.airlift.slice.Slices;
import io.github.headcounthll.core.ColumnFunctions.Call;
import io.github.headcounthll.core.GroupedSketches;
import io.trino.spi.block.Block;
import io.trino.spi.block.VariableWidthBlock;
import io.trino.spi.function.BlockIndex;
import io.trino.spi.function.BlockPosition;
import io.trino.spi.function.Description;
import io.trino.spi.function.LiteralParameters;
import io.trino.spi.function.ScalarFunction;
import io.trino.spi.function.SqlNullable;
import io.trino.spi.function.SqlType;
import io.trino.spi.type.StandardTypes;

/** Scalar functions that make, unite and describe sketches; of one column with two forms, as in {@link EstimateFunctions}. */
public final class SketchFunctions {
    static final long DEFAULT_PRECISION = 12;

    private SketchFunctions() {}

    /** {@code hll_create(varchar)}. */
    @ScalarFunction("hll_create")
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
                @SqlNullable @BlockPosition @SqlType(value = "varchar(x)", nativeContainerType = Slice.class) VariableWidthBlock ids,
                @BlockIndex int position) {
            return translatingValue(() -> Engine.scalars().sketch(Call.CREATE, ids, position, DEFAULT_PRECISION));
        }
    }

    /** {@code hll_create(varchar, bigint)}. */
    @ScalarFunction("hll_create")
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
                @SqlNullable @BlockPosition @SqlType(value = "varchar(x)", nativeContainerType = Slice.class) VariableWidthBlock ids,
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
        return translatingValue(() -> Slices.wrappedBuffer(Engine.functions().union(
                a.byteArray(), a.byteArrayOffset(), a.length(), b.byteArray(), b.byteArrayOffset(), b.length())));
    }

    @ScalarFunction("hll_union")
    @Description("The union of the sketches in an array.")
    @SqlNullable
    @SqlType(HllType.NAME)
    public static Slice union(@SqlType("array(HLL)") Block sketches) {
        if (!(sketches.getUnderlyingValueBlock() instanceof VariableWidthBlock values)) {
            throw new IllegalArgumentException("an array of HLL in a " + sketches.getUnderlyingValueBlock());
        }
        return translatingValue(() -> {
            GroupedSketches union = Engine.newSketches(1);
            for (int i = 0; i < sketches.getPositionCount(); i++) {
                if (!sketches.isNull(i)) {
                    Slice sketch = values.getSlice(sketches.getUnderlyingValuePosition(i));
                    union.merge(0, sketch.byteArray(), sketch.byteArrayOffset(), sketch.length());
                }
            }
            byte[] encoded = union.sketch(0);
            return encoded == null ? null : Slices.wrappedBuffer(encoded);
        });
    }

    /** {@code hll_precision(HLL)}. */
    @ScalarFunction("hll_precision")
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
                @SqlNullable @BlockPosition @SqlType(value = HllType.NAME, nativeContainerType = Slice.class) VariableWidthBlock sketches,
                @BlockIndex int position) {
            return translatingValue(() -> Engine.scalars().number(Call.PRECISION, sketches, position));
        }
    }

    /** {@code hll_reduce(HLL, bigint)}. */
    @ScalarFunction("hll_reduce")
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
                @SqlNullable @BlockPosition @SqlType(value = HllType.NAME, nativeContainerType = Slice.class) VariableWidthBlock sketches,
                @BlockIndex int position,
                @SqlType(StandardTypes.BIGINT) long precision) {
            return translatingValue(() -> Engine.scalars().sketch(Call.REDUCE, sketches, position, precision));
        }
    }
}
