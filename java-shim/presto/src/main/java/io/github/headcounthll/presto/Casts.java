package io.github.headcounthll.presto;

import com.facebook.presto.common.function.OperatorType;
import com.facebook.presto.common.type.StandardTypes;
import com.facebook.presto.spi.function.ScalarOperator;
import com.facebook.presto.spi.function.SqlType;
import io.airlift.slice.Slice;

/** The two casts. An HLL is a varbinary that has been checked; its bytes are the same. */
public final class Casts {
    private Casts() {}

    @ScalarOperator(OperatorType.CAST)
    @SqlType(HllType.NAME)
    public static Slice fromVarbinary(@SqlType(StandardTypes.VARBINARY) Slice bytes) {
        Errors.translatingCast(
                () -> Engine.functions().check(bytes.byteArray(), bytes.byteArrayOffset(), bytes.length()));
        return bytes;
    }

    @ScalarOperator(OperatorType.CAST)
    @SqlType(StandardTypes.VARBINARY)
    public static Slice toVarbinary(@SqlType(HllType.NAME) Slice sketch) {
        return sketch;
    }
}
