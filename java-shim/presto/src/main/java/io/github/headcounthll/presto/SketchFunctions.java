package io.github.headcounthll.presto;

import static io.github.headcounthll.presto.Errors.translatingLong;
import static io.github.headcounthll.presto.Errors.translatingValue;

import com.facebook.presto.common.block.Block;
import com.facebook.presto.common.type.StandardTypes;
import com.facebook.presto.spi.function.Description;
import com.facebook.presto.spi.function.LiteralParameters;
import com.facebook.presto.spi.function.ScalarFunction;
import com.facebook.presto.spi.function.SqlNullable;
import com.facebook.presto.spi.function.SqlType;
import io.airlift.slice.Slice;
import io.airlift.slice.Slices;
import io.github.headcounthll.core.GroupedSketches;

/** Scalar functions that make, unite and describe sketches. */
public final class SketchFunctions {
    static final long DEFAULT_PRECISION = 12;

    private SketchFunctions() {}

    @ScalarFunction("hll_create")
    @Description("The sketch of one id at precision 12. The id is hashed by its UTF-8 bytes as they are.")
    @LiteralParameters("x")
    @SqlType(HllType.NAME)
    public static Slice create(@SqlType("varchar(x)") Slice id) {
        return create(id, DEFAULT_PRECISION);
    }

    @ScalarFunction("hll_create")
    @Description("The sketch of one id at a precision, 4 to 24.")
    @LiteralParameters("x")
    @SqlType(HllType.NAME)
    public static Slice create(@SqlType("varchar(x)") Slice id, @SqlType(StandardTypes.BIGINT) long precision) {
        Bytes row = Bytes.of(id);
        return translatingValue(() -> Slices.wrappedBuffer(
                Engine.functions().create(row.array(), row.start(), row.length(), precision)));
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
        Bytes x = Bytes.of(a);
        Bytes y = Bytes.of(b);
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
                    Bytes row = Bytes.of(sketches.getSlice(i, 0, sketches.getSliceLength(i)));
                    union.merge(0, row.array(), row.start(), row.length());
                }
            }
            byte[] encoded = union.sketch(0);
            return encoded == null ? null : Slices.wrappedBuffer(encoded);
        });
    }

    @ScalarFunction("hll_precision")
    @Description("The sketch's precision, 4 to 24.")
    @SqlType(StandardTypes.BIGINT)
    public static long precision(@SqlType(HllType.NAME) Slice sketch) {
        Bytes row = Bytes.of(sketch);
        return translatingLong(() ->
                Engine.functions().precision(row.array(), row.start(), row.length()));
    }

    @ScalarFunction("hll_reduce")
    @Description("The sketch at a smaller precision, exactly as if it had been made there.")
    @SqlType(HllType.NAME)
    public static Slice reduce(
            @SqlType(HllType.NAME) Slice sketch, @SqlType(StandardTypes.BIGINT) long precision) {
        Bytes row = Bytes.of(sketch);
        return translatingValue(() -> Slices.wrappedBuffer(Engine.functions().reduce(
                row.array(), row.start(), row.length(), precision)));
    }
}
