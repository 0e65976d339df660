// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import io.github.headcounthll.core.api.ErrorCode;
import io.github.headcounthll.core.api.HeadcountException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** {@code enum hc_status}, the flags, and {@code hc_error} as an array of bytes. */
public final class Status {
    public static final int OK = 0;
    public static final int NEED_SPACE = 16;
    public static final int AGAIN = 17;
    public static final int WOULD_BLOCK = 18;
    /** The flag {@code HC_ALLOW_LONG}. */
    public static final int ALLOW_LONG = 1;
    /** The flag {@code HC_PACK_REGISTERS}. */
    public static final int PACK_REGISTERS = 2;
    /** The flag {@code HC_SET_ASIDE}. */
    public static final int SET_ASIDE = 4;

    /** Bytes of {@code hc_error}. */
    public static final int ERROR_SIZE = 264;
    /** Where its row is. */
    static final int ERROR_ROW = 4;
    /** Where its message begins. */
    static final int ERROR_MESSAGE = 8;

    private Status() {}

    /** The flags {@code HC_SPARE(bytes)}. */
    public static int spare(int bytes) {
        return Math.min(bytes, (1 << 29) - 1) / 64 << 8;
    }

    /**
     * The exception for a failed call.
     *
     * @param error the {@code hc_error} that the call has written
     * @param from the row of the caller's column that was the call's row 0
     */
    public static HeadcountException exception(int status, byte[] error, int from) {
        if (status < 1 || status > 15) {
            return HeadcountException.internal("headcount: the library answered with status " + status);
        }
        int row = ByteBuffer.wrap(error).order(ByteOrder.LITTLE_ENDIAN).getInt(ERROR_ROW);
        int end = ERROR_MESSAGE;
        while (end < ERROR_SIZE && error[end] != 0) {
            end++;
        }
        String message = new String(error, ERROR_MESSAGE, end - ERROR_MESSAGE, StandardCharsets.UTF_8);
        return new HeadcountException(ErrorCode.of(status), row < 0 ? row : row + from, message);
    }
}
