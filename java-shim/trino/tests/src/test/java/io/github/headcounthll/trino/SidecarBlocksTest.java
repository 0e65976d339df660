// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.headcounthll.sidecar.SidecarServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With the functions in a server, a column goes there by the block: a call a row would cost seconds. */
class SidecarBlocksTest {
    private static final int ROWS = 5_000;
    /** One in fifty is NULL, and one is no sketch. */
    private static final long SOUND = ROWS - ROWS / 50 - 1;
    /** A few for each thread, and as many again to merge. */
    private static final long FEW = 60;

    private static SidecarServer sidecar;
    private static Sql sql;

    @BeforeAll
    static void start() {
        sidecar = SidecarServer.start("--log-level=debug");
        sql = Servers.single(Servers.sidecar(sidecar.socket()));
        sql.run("CREATE TABLE rows AS SELECT x % 3 AS g, cast(x AS varchar) AS id,"
                + " if(x = 77, X'00', if(x % 50 = 5, NULL, cast(hll_create(cast(x AS varchar)) AS varbinary))) AS b"
                + " FROM " + Clients.first(ROWS));
    }

    @AfterAll
    static void stop() {
        sql.close();
        sidecar.close();
        // A plugin's functions are found statically: the other tests' backend comes back.
        Servers.plugin().getTypes();
    }

    @ParameterizedTest
    @MethodSource("io.github.headcounthll.sidecar.ColumnExpressions#byBlock")
    void aColumnGoesInFewExchanges(String expression) {
        long before = sidecar.exchanges();
        // The row that is no sketch is left out by a filter: it must not fail the query, though its block is evaluated.
        assertEquals(SOUND, sql.value("SELECT " + expression + " FROM rows WHERE b IS NULL OR length(b) > 1"));
        long exchanges = sidecar.exchanges() - before;
        assertTrue(exchanges <= FEW, exchanges + " exchanges for " + ROWS + " rows");
    }

    @Test
    void anAggregationOverACastColumnGoesInFewExchanges() {
        long before = sidecar.exchanges();
        assertEquals(
                3,
                sql.rows("SELECT g, merge(cast(b AS HLL)) FROM rows WHERE length(b) > 1 GROUP BY g")
                        .size());
        long exchanges = sidecar.exchanges() - before;
        assertTrue(exchanges > 0 && exchanges <= FEW, exchanges + " exchanges for " + ROWS + " rows");
    }

    @Test
    void anAggregationOverACastColumnSendsItOnce() {
        sql.run("CREATE TABLE larger AS SELECT g, cast(hll_agg(id) AS varbinary) AS b"
                + " FROM (SELECT x % 500 AS g, id || cast(k AS varchar) AS id FROM " + Clients.first(10_000)
                + " CROSS JOIN UNNEST(sequence(0, 9)) AS t (k)) GROUP BY g");
        long before = sidecar.keptBytes();
        Object cast = sql.value("SELECT cardinality(merge(cast(b AS HLL))) FROM larger");
        assertTrue(sidecar.keptBytes() - before > 0, "all bytes were sent twice");
        assertEquals(sql.value("SELECT hll_cardinality(hll_merge(b)) FROM larger"), cast);
    }

    /** Dense sketches: of each group one has the first registers, one the last, and the third has both. */
    @Test
    void theSketchesOfManyGroupsCrossOnce() {
        String first = "rpad('', 2 * (g % 2048), '01')";
        String last = "rpad('', 2 * (g % 1000), '03')";
        sql.run("CREATE TABLE wide AS SELECT g, k, X'020C' || from_hex(CASE k WHEN 0 THEN rpad(" + first
                + ", 8192, '0') WHEN 1 THEN lpad(" + last + ", 8192, '0') ELSE rpad(" + first
                + ", 8192 - 2 * (cast(g AS integer) % 1000), '0') || " + last + " END) AS b"
                + " FROM UNNEST(sequence(1, 3000)) AS t (g) CROSS JOIN UNNEST(sequence(0, 2)) AS u (k)");
        Object expected = sql.rows("SELECT g, hll_cardinality(b) FROM wide WHERE k = 2 ORDER BY g");
        for (String merged : List.of("cardinality(merge(cast(b AS HLL)))", "hll_cardinality(hll_merge(b))")) {
            long before = sidecar.exchanges("\"function\":\"merge");
            assertEquals(expected, sql.rows("SELECT g, " + merged + " FROM wide WHERE k < 2 GROUP BY g ORDER BY g"));
            long exchanges = sidecar.exchanges("\"function\":\"merge") - before;
            assertTrue(exchanges > 0 && exchanges <= FEW, exchanges + " exchanges to merge 24 MB");
        }
    }

    @Test
    void aRowThatIsNoSketchFailsTheQueryThatAsksForIt() {
        Sql.Failure failure = sql.failure("SELECT count(cast(b AS HLL)) FROM rows");
        assertEquals("INVALID_CAST_ARGUMENT", failure.code(), failure.message());
        assertEquals(
                "INVALID_FUNCTION_ARGUMENT",
                sql.failure("SELECT sum(hll_cardinality(b)) FROM rows").code());
    }

    @Test
    void tryCastGivesNullForThatRowAlone() {
        assertEquals(SOUND, sql.value("SELECT count(try_cast(b AS HLL)) FROM rows"));
    }

    @Test
    void aParameterThatChangesWithTheRowsIsTheRowsOwn() {
        assertEquals(3L, sql.value("SELECT count(DISTINCT hll_precision(hll_create(id, 10 + g))) FROM rows"));
        assertEquals(
                SOUND,
                sql.value("SELECT count_if(hll_precision(hll_reduce(cast(b AS HLL), 4 + x % 9)) = 4 + x % 9)"
                        + " FROM (SELECT b, cast(id AS bigint) AS x FROM rows WHERE length(b) > 1)"));
    }
}
