package io.github.headcounthll.trino;

import static io.github.headcounthll.trino.Errors.translatingCast;
import static io.github.headcounthll.trino.Errors.translatingCastOfRow;

import io.airlift.slice.Slice;
import io.github.headcounthll.core.ColumnFunctions.Call;
import io.trino.spi.block.VariableWidthBlock;
import io.trino.spi.function.BlockIndex;
import io.trino.spi.function.BlockPosition;
import io.trino.spi.function.OperatorType;
import io.trino.spi.function.ScalarOperator;
import io.trino.spi.function.SqlNullable;
import io.trino.spi.function.SqlType;
import io.trino.spi.type.StandardTypes;

/**
 * The two casts. An HLL is a varbinary that has been checked; its bytes are the same.
 *
 * <p>Trino takes the form by block where the argument is a column, and the other where it is a value: of an expression, a
 * constant, or in TRY_CAST. It hands over blocks with their NULLs, and so only to a function that takes NULL; of all
 * functions here that have this form, both do, and give NULL.
 */
public final class Casts {
    private Casts() {}

    /** {@code cast(varbinary AS HLL)}: the one door for foreign bytes. */
    @ScalarOperator(OperatorType.CAST)
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
                @SqlNullable @BlockPosition @SqlType(value = StandardTypes.VARBINARY, nativeContainerType = Slice.class) VariableWidthBlock bytes,
                @BlockIndex int position) {
            translatingCastOfRow(() -> Engine.scalars().number(Call.CHECK, bytes, position));
            return bytes.isNull(position) ? null : bytes.getSlice(position);
        }
    }

    /** {@code cast(HLL AS varbinary)}. */
    @ScalarOperator(OperatorType.CAST)
    @SqlType(StandardTypes.VARBINARY)
    public static Slice toVarbinary(@SqlType(HllType.NAME) Slice sketch) {
        return sketch;
    }
}
