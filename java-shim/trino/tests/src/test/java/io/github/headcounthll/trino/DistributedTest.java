// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A coordinator and two workers: partial results cross the network. */
class DistributedTest {
    private static Sql sql;

    @BeforeAll
    static void start() throws Exception {
        sql = Servers.distributed(Map.of());
        sql.run("CREATE TABLE sketches AS SELECT x % 50 AS g, cast(hll_create(id) AS varbinary) AS hll FROM "
                + Clients.first(10_000));
    }

    @AfterAll
    static void stop() {
        sql.close();
    }

    @Test
    void partialResultsCrossTheNetwork() {
        String query = "SELECT g, cardinality(merge(cast(hll AS HLL))) FROM sketches GROUP BY g";
        assertTrue(sql.value("EXPLAIN (TYPE DISTRIBUTED) " + query).toString().contains("Aggregate[type = PARTIAL"));
        Sql.Answer answer = sql.answer(query);
        assertEquals(50, answer.rows().size());
        long crossed = answer.info().getQueryStats().getInternalNetworkInputPositions();
        // Partial results, and final rows to the coordinator; far fewer than the 10,000 rows.
        assertTrue(crossed >= 50 && crossed < 5_000, () -> crossed + " rows crossed");
    }

    @Test
    void globalAggregationsCountAsTheOriginalLibraryDoes() {
        for (String aggregate : new String[] {"merge(cast(hll AS HLL))", "hll_merge(hll)"}) {
            Sql.Answer answer = sql.answer("SELECT hll_cardinality(" + aggregate + ") FROM sketches");
            assertEquals(10_511L, answer.rows().getFirst().getFirst());
            assertTrue(answer.info().getQueryStats().getInternalNetworkInputPositions() >= 2);
        }
    }

    @Test
    void groupsOfOneNodeAndOfSeveralMeet() {
        assertEquals(
                10_511L,
                sql.value(
                        "SELECT cardinality(merge(h)) FROM (SELECT g, merge(cast(hll AS HLL)) AS h FROM sketches GROUP BY g)"));
        assertEquals(
                0L,
                sql.value(
                        "SELECT count(*) FROM (SELECT g, cardinality(merge(cast(hll AS HLL))) AS c FROM sketches GROUP BY g) a"
                                + " JOIN (SELECT x % 50 AS g, cardinality(hll_agg(id)) AS c FROM "
                                + Clients.first(10_000)
                                + " GROUP BY 1) b ON a.g = b.g WHERE a.c <> b.c"));
    }

    @Test
    void builtSketchesCrossTheNetworkToo() {
        // 15,000 orders; ids hash as their decimal text wherever they are read.
        assertEquals(
                sql.value("SELECT cardinality(merge(hll_create(cast(orderkey AS varchar)))) FROM tpch.tiny.orders"),
                sql.value("SELECT cardinality(hll_agg(orderkey)) FROM tpch.tiny.orders"));
    }

    @Test
    void errorsOfWorkersReachTheUser() {
        Sql.Failure failure = sql.failure(
                "SELECT g, merge(hll_reduce(cast(hll AS HLL), if(g = 7 AND rand() < 2, 11, 12))) FROM sketches"
                        + " GROUP BY GROUPING SETS ((g), ())");
        assertTrue(failure.message().contains("12") || failure.message().contains("11"), failure.message());
        assertEquals("INVALID_FUNCTION_ARGUMENT", failure.code());
        assertEquals(10_511L, sql.value("SELECT cardinality(merge(cast(hll AS HLL))) FROM sketches"));
    }
}
