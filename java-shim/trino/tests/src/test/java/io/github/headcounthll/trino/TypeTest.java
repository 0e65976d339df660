// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trino.spi.type.SqlVarbinary;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The type HLL: its casts, as the only entry for untrusted bytes, and where it may stand. */
class TypeTest {
    private static final Sql SQL = Servers.shared();

    @ParameterizedTest
    @CsvSource({
        "'', empty",
        "02, only the kind",
        "000C, kind 0",
        "040C, kind 4",
        "0303, precision 3",
        "0319, precision 25",
        "020C00, a dense sketch cut short",
        "030C0100, half an entry",
        "030C001005, an index past the end",
        "030C010000, a register of zero",
        "030C010075, a register of 117",
        "0204000000000000000000000000000000007D, a dense register of 125",
        "020400000000000000000000000000000000FF, a dense register of 255",
        "02040000000000000000000000000000000000FF, a byte too many"
    })
    void castRejectsMalformedBytes(String hex, String what) {
        Sql.Failure failure = SQL.failure("SELECT cast(X'" + hex + "' AS HLL)");
        assertEquals("INVALID_CAST_ARGUMENT", failure.code(), what + ": " + failure.message());
        assertTrue(failure.message().length() > 20, failure.message());
        assertNull(SQL.expression("try_cast(X'" + hex + "' AS HLL)"), what);
        assertNull(SQL.expression("try(cast(X'" + hex + "' AS HLL))"), what);
        assertEquals(1L, SQL.expression("cardinality(cast(X'030C010005' AS HLL))"));
    }

    @Test
    void castRejectsMalformedRowOfATable() {
        assertEquals(
                "INVALID_CAST_ARGUMENT",
                SQL.failure(
                                "SELECT merge(cast(if(x = 700, X'FF', X'030C') AS HLL)) FROM UNNEST(sequence(1, 1000)) t (x)")
                        .code());
        assertEquals(
                999L,
                SQL.value(
                        "SELECT count(try_cast(if(x = 700, X'FF', X'030C') AS HLL)) FROM UNNEST(sequence(1, 1000)) t (x)"));
    }

    @Test
    void castsKeepTheBytes() {
        for (String hex : List.of("030C", "030CC50202", "020400000000000000000000000000000001")) {
            assertEquals(hex, SQL.expression("to_hex(cast(cast(X'" + hex + "' AS HLL) AS varbinary))"));
        }
        assertNull(SQL.expression("cast(CAST(NULL AS varbinary) AS HLL)"));
        assertNull(SQL.expression("cast(CAST(NULL AS HLL) AS varbinary)"));
        assertNull(SQL.expression("cardinality(CAST(NULL AS HLL))"));
    }

    @Test
    void aResultShowsItsBytes() {
        Object value = SQL.expression("hll_create('a', 12)");
        byte[] bytes = value instanceof SqlVarbinary varbinary ? varbinary.getBytes() : (byte[]) value;
        assertEquals("030cc50202", HexFormat.of().formatHex(bytes));
        SQL.run("CREATE OR REPLACE VIEW one_sketch AS SELECT hll_create('a', 12) AS h");
        assertEquals(
                List.of(List.of("h", "HLL")),
                SQL.rows(
                        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'one_sketch'"));
    }

    @Test
    void tablesAndViewsMayHaveSuchAColumn() {
        SQL.run("CREATE TABLE bytes AS SELECT x, cast(hll_create(id) AS varbinary) AS b FROM " + Clients.first(100));
        SQL.run("CREATE VIEW sketches AS SELECT x, cast(b AS HLL) AS h FROM bytes");
        assertEquals(101L, SQL.value("SELECT cardinality(merge(h)) FROM sketches"));
        SQL.run("CREATE TABLE hlls (x bigint, h HLL)");
        SQL.run("INSERT INTO hlls SELECT x, h FROM sketches");
        SQL.run("INSERT INTO hlls VALUES (-1, NULL)");
        assertEquals(101L, SQL.value("SELECT cardinality(merge(h)) FROM hlls"));
        assertEquals(1L, SQL.value("SELECT count(*) FROM hlls WHERE h IS NULL"));
    }

    @Test
    void itTravelsInArraysMapsAndRows() {
        assertEquals(
                3L,
                SQL.value(
                        "SELECT cardinality(hll_union(array_agg(h))) FROM (VALUES hll_create('a'), NULL, hll_create('b'), hll_create('c')) t (h)"));
        assertEquals(1L, SQL.expression("cardinality(map(ARRAY['k'], ARRAY[hll_create('a')])['k'])"));
        assertEquals(1L, SQL.expression("cardinality(CAST(ROW(hll_create('a')) AS row(h HLL)).h)"));
    }
}
