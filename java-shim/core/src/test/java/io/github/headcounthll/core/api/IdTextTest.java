// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdTextTest {
    private static String text(byte[] text) {
        return new String(text, StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @CsvSource({"0,1970-01-01", "-1,1969-12-31", "17049,2016-09-05", "-682944,0100-03-01", "2932897,10000-01-01"})
    void aDateIsItsDayOfTheCalendar(long days, String text) {
        assertEquals(text, text(IdText.date(days)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-42", "-99999999999999999999999999999999999999"})
    void anIntegerIsItsDecimalText(String text) {
        assertEquals(text, text(IdText.integer(new BigInteger(text))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000000-0000-0000-0000-000000000000",
                "c0ffee00-0000-4000-8000-0123456789ab",
                "ffffffff-ffff-ffff-ffff-ffffffffffff"
            })
    void aUuidIsItsCanonicalText(String text) {
        checkUuid(UUID.fromString(text), text);
    }

    @Test
    void anyUuidIsItsCanonicalText() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 10_000; i++) {
            UUID id = new UUID(random.nextLong(), random.nextLong());
            checkUuid(id, id.toString());
        }
    }

    private static void checkUuid(UUID id, String text) {
        byte[] bytes = ByteBuffer.allocate(20)
                .putLong(3, id.getMostSignificantBits())
                .putLong(11, id.getLeastSignificantBits())
                .array();
        assertEquals(text, text(IdText.uuid(new Bytes(bytes, 3, 16))));
    }

    @Test
    void aUuidHas16Bytes() {
        assertThrows(HeadcountException.class, () -> IdText.uuid(new Bytes(new byte[16], 0, 15)));
    }

    @Test
    void theErrorNamesTheFunctionAndTheCast() {
        HeadcountException error = IdText.notAnId("hll_agg");
        assertEquals(ErrorCode.ARGUMENT, error.code());
        assertTrue(error.getMessage().contains("hll_agg(CAST(id AS bigint))"), error.getMessage());
    }
}
