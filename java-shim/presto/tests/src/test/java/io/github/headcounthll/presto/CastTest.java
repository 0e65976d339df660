// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.facebook.presto.common.type.BigintType;
import com.facebook.presto.common.type.VarbinaryType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cast of a column in PrestoDB's process, whose rows are checked ahead: each row has its own bytes, NULL or error. */
class CastTest {
    private static final Tables TABLES = new Tables();
    private static final Sql SQL = Engines.withNativePlugin(TABLES);
    private static final long ROWS = 9_000;
    /** Every 30th row is NULL and every 900th is no sketch. */
    private static final long VALID = ROWS - ROWS / 30 - ROWS / 900;

    /** One row in four is dense, with the register of its number set. */
    @BeforeAll
    static void makeTable() {
        List<List<Object>> rows = new ArrayList<>();
        for (long x = 0; x < ROWS; x++) {
            Object bytes = x % 4 == 0 ? dense((int) x % 4096) : HexFormat.of().parseHex("030C010005");
            rows.add(Arrays.asList(x, x % 900 == 77 ? HexFormat.of().parseHex("030C01") : x % 30 == 5 ? null : bytes));
        }
        TABLES.put(
                "castable",
                List.of(new Tables.Column("x", BigintType.BIGINT), new Tables.Column("b", VarbinaryType.VARBINARY)),
                rows);
    }

    private static byte[] dense(int register) {
        byte[] sketch = new byte[2 + 4096];
        sketch[0] = 2;
        sketch[1] = 12;
        sketch[2 + register] = 7;
        return sketch;
    }

    @Test
    void eachRowKeepsItsBytes() {
        assertEquals(
                List.of(List.of(VALID, VALID)),
                SQL.rows("SELECT count(h), count_if(cast(h AS varbinary) = b)"
                        + " FROM (SELECT b, cast(b AS HLL) AS h FROM castable WHERE x % 900 <> 77)"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT count(cast(b AS HLL)) FROM castable",
                "SELECT count(merge) FROM (SELECT x % 7, merge(cast(b AS HLL)) AS merge FROM castable GROUP BY 1)",
                "SELECT count(if(x > 900, cast(b AS HLL))) FROM castable"
            })
    void anInvalidRowFailsAQueryThatRequestsIt(String query) {
        String message = SQL.failure(query);
        assertTrue(message.contains("inside an entry"), message);
    }

    /** Each leaves the invalid rows out, among rows that are requested. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT count(cast(b AS HLL)) FROM castable WHERE x % 900 <> 77",
                "SELECT count(if(x % 900 <> 77, cast(b AS HLL))) FROM castable",
                "SELECT count(CASE WHEN x % 900 = 77 THEN NULL ELSE cast(b AS HLL) END) FROM castable",
                "SELECT count(try_cast(b AS HLL)) FROM castable",
                "SELECT sum(c) FROM (SELECT x % 11, count(cast(b AS HLL)) AS c FROM castable WHERE x % 900 <> 77 GROUP BY 1)"
            })
    void anInvalidRowThatIsNotRequestedIsNoError(String query) {
        assertEquals(VALID, SQL.value(query));
    }

    @Test
    void rowsOfDictionariesAreCast() {
        String join = " FROM UNNEST(sequence(0, 9999)) t (i) JOIN castable ON x = i % 500";
        assertTrue(SQL.failure("SELECT count(cast(b AS HLL))" + join).contains("inside an entry"));
        assertEquals(
                SQL.value("SELECT count(b)" + join + " WHERE x <> 77"),
                SQL.value("SELECT count_if(cast(cast(b AS HLL) AS varbinary) = b)" + join + " WHERE x <> 77"));
    }
}
