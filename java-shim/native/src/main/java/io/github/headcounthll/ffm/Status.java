package io.github.headcounthll.ffm;

import io.github.headcounthll.core.ErrorCode;
import io.github.headcounthll.core.HeadcountException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** {@code enum hc_status}, {@code hc_error} and {@code hc_progress}. */
final class Status {
    static final int OK = 0;
    static final int ROOM = 16;
    static final int AGAIN = 17;
    static final int HEAVY = 18;
    /** The flag {@code HC_MAY_TAKE_LONG}. */
    static final int MAY_TAKE_LONG = 1;
    /** The flag {@code HC_SAVE_MEMORY}. */
    static final int SAVE_MEMORY = 2;

    static final StructLayout ERROR = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("code"),
            ValueLayout.JAVA_INT.withName("row"),
            MemoryLayout.sequenceLayout(256, ValueLayout.JAVA_BYTE).withName("message"));
    static final StructLayout PROGRESS = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("row"),
            ValueLayout.JAVA_INT.withName("reserved"),
            ValueLayout.JAVA_LONG.withName("at"),
            ValueLayout.JAVA_LONG.withName("need"));

    /** The size of {@code hc_error}, for arrays. */
    static final int ERROR_SIZE = 264;

    private static final long ROW = ERROR.byteOffset(MemoryLayout.PathElement.groupElement("row"));
    private static final long MESSAGE = ERROR.byteOffset(MemoryLayout.PathElement.groupElement("message"));

    private Status() {}

    /**
     * The exception of a refused call.
     *
     * @param from the row of the caller's column that was the call's row 0
     */
    static HeadcountException refusal(int status, MemorySegment error, int from) {
        if (status < 1 || status > 15) {
            return new HeadcountException(ErrorCode.INTERNAL, -1, "headcount: the library answered with status " + status);
        }
        int row = error.get(ValueLayout.JAVA_INT_UNALIGNED, ROW);
        String message = error.getString(MESSAGE, StandardCharsets.UTF_8);
        return new HeadcountException(ErrorCode.of(status), row < 0 ? row : row + from, message);
    }

    /** What an invocation threw that is not an answer of the library: a wrong argument, or no memory. */
    static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException exception ? exception : new IllegalStateException(thrown);
    }
}
