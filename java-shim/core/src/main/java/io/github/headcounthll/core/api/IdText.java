// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.api;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.UUID;

/**
 * The texts of ids of types that the functions do not take themselves, as docs/ids.md says. The text of an id is what is
 * hashed, so it is the same in every engine and in {@code headcount build}.
 */
public final class IdText {
    private static final int UUID_BYTES = 16;

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
        ByteBuffer bytes = ByteBuffer.wrap(id.array(), id.start(), UUID_BYTES);
        return ascii(new UUID(bytes.getLong(), bytes.getLong()).toString());
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
