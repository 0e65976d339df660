package io.github.headcounthll.presto;

import static io.github.headcounthll.presto.Errors.translatingCast;
import static io.github.headcounthll.presto.Errors.translatingCastOfRow;

import com.facebook.presto.common.block.Block;
import com.facebook.presto.common.function.OperatorType;
import com.facebook.presto.common.type.StandardTypes;
import com.facebook.presto.spi.function.BlockIndex;
import com.facebook.presto.spi.function.BlockPosition;
import com.facebook.presto.spi.function.Description;
import com.facebook.presto.spi.function.ScalarFunction;
import com.facebook.presto.spi.function.ScalarOperator;
import com.facebook.presto.spi.function.SqlFunctionVisibility;
import com.facebook.presto.spi.function.SqlNullable;
import com.facebook.presto.spi.function.SqlType;
import io.airlift.slice.Slice;
import io.github.headcounthll.core.ColumnFunctions.Call;

/**
 * The two casts. An HLL is a varbinary that has been checked; its bytes are the same.
 *
 * <p>PrestoDB takes the form by block where the argument is a column, and the other where it is a value: of an expression,
 * a constant, or in TRY_CAST. It hands over blocks with their NULLs: of all functions here that have this form, both
 * take NULL, and give NULL.
 */
public final class Casts {
    private Casts() {}

    /**
     * {@code cast(varbinary AS HLL)}: the one door for foreign bytes. By the name that PrestoDB itself gives a cast
     * (OperatorType.CAST), since the annotation for operators has no calledOnNullInput, without which it takes no form by
     * block.
     */
    @ScalarFunction(value = "$operator$cast", visibility = SqlFunctionVisibility.HIDDEN, calledOnNullInput = true)
    @Description("The sketch whose bytes these are.")
    public static final class FromVarbinary {
        private FromVarbinary() {}

        @SqlNullable
        @SqlType(HllType.NAME)
        public static Slice value(@SqlNullable @SqlType(StandardTypes.VARBINARY) Slice bytes) {
            translatingCast(() -> Engine.scalars().number(Call.CHECK, bytes));
            return bytes;
        }

        @SqlNullable
        @SqlType(HllType.NAME)
        public static Slice row(
                @BlockPosition @SqlType(value = StandardTypes.VARBINARY, nativeContainerType = Slice.class) Block bytes,
                @BlockIndex int position) {
            translatingCastOfRow(() -> Engine.scalars().number(Call.CHECK, bytes, position));
            return bytes.isNull(position) ? null : bytes.getSlice(position, 0, bytes.getSliceLength(position));
        }
    }

    /** {@code cast(HLL AS varbinary)}. */
    @ScalarOperator(OperatorType.CAST)
    @SqlType(StandardTypes.VARBINARY)
    public static Slice toVarbinary(@SqlType(HllType.NAME) Slice sketch) {
        return sketch;
    }
}
