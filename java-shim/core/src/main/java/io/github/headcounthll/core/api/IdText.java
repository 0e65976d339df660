// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.api;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/**
 * The texts of ids of types that the functions do not take themselves, as docs/ids.md says. The text of an id is what is
 * hashed, so it is the same in every engine and in {@code headcount build}.
 */
public final class IdText {
    private static final int UUID_BYTES = 16;
    private static final int UUID_TEXT_BYTES = 36;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private IdText() {}

    /** A date, in days since 1970-01-01, as YYYY-MM-DD. */
    public static byte[] date(long days) {
        String text = LocalDate.ofEpochDay(days).toString();
        // Java writes +10000-01-01.
        return ascii(text.startsWith("+") ? text.substring(1) : text);
    }

    /** An integer of any size, as its decimal text. */
    public static byte[] integer(BigInteger value) {
        return ascii(value.toString());
    }

    /** A UUID, its 16 bytes in order, as 8-4-4-4-12 lower-case hexadecimal digits. */
    public static byte[] uuid(Bytes id) {
        if (id.length() != UUID_BYTES) {
            throw HeadcountException.internal("headcount: a UUID of " + id.length() + " bytes");
        }
        return uuid((long) LONGS.get(id.array(), id.start()), (long) LONGS.get(id.array(), id.start() + Long.BYTES));
    }

    /** A UUID of these halves, as {@link java.util.UUID} names them. */
    public static byte[] uuid(long high, long low) {
        long second = digits((int) high);
        long third = digits((int) (low >>> Integer.SIZE));
        byte[] text = new byte[UUID_TEXT_BYTES];
        LONGS.set(text, 0, digits((int) (high >>> Integer.SIZE)));
        INTS.set(text, 9, (int) (second >>> Integer.SIZE));
        INTS.set(text, 14, (int) second);
        INTS.set(text, 19, (int) (third >>> Integer.SIZE));
        INTS.set(text, 24, (int) third);
        LONGS.set(text, 28, digits((int) low));
        text[8] = text[13] = text[18] = text[23] = '-';
        return text;
    }

    /** The eight hexadecimal digits of 32 bits, a byte each, the first digit in the highest byte. */
    private static long digits(int bits) {
        long spread = Integer.toUnsignedLong(bits);
        spread = (spread | spread << 16) & 0x0000_FFFF_0000_FFFFL;
        spread = (spread | spread << 8) & 0x00FF_00FF_00FF_00FFL;
        spread = (spread | spread << 4) & 0x0F0F_0F0F_0F0F_0F0FL;
        // 1 where a digit is 10 or more.
        long letters = (spread + 0x0606_0606_0606_0606L) >>> 4 & 0x0101_0101_0101_0101L;
        return spread + 0x3030_3030_3030_3030L + letters * ('a' - '0' - 10);
    }

    /** The error of a function over ids for a number with a fraction: double, real, or a decimal with a scale. */
    public static HeadcountException notAnId(String function) {
        return new HeadcountException(
                ErrorCode.ARGUMENT,
                -1,
                function
                        + ": a number with a fraction (double, real, decimal with a scale) is not an id, because two engines"
                        + " write the same number as different texts; cast whole numbers: " + function
                        + "(CAST(id AS bigint))");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
