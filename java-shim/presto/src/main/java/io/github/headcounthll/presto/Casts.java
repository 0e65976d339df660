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
        Bytes row = Bytes.of(bytes);
        Errors.translatingCast(() -> Engine.functions().check(row.array(), row.start(), row.length()));
        return bytes;
    }

    @ScalarOperator(OperatorType.CAST)
    @SqlType(StandardTypes.VARBINARY)
    public static Slice toVarbinary(@SqlType(HllType.NAME) Slice sketch) {
        return sketch;
    }
}
