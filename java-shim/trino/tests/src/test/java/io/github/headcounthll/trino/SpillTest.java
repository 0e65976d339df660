// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that revokes the memory of aggregations at once: states go to disk as encoded sketches and come back. */
class SpillTest {
    @TempDir
    static Path folder;

    private static Sql sql;

    @BeforeAll
    static void start() throws Exception {
        sql = Servers.distributed(Map.of(
                "spill-enabled", "true",
                "spiller-spill-path", folder.toString(),
                "spiller-max-used-space-threshold", "1.0",
                "memory-revoking-threshold", "0.0",
                "memory-revoking-target", "0.0"));
    }

    @AfterAll
    static void stop() {
        sql.close();
    }

    @Test
    void spilledGroupsComeBackWhole() {
        // 100,000 customers with orders, 1,500,000 orders.
        Sql.Answer answer = sql.answer("SELECT count(*), sum(cardinality(h)), cardinality(merge(h)) FROM"
                + " (SELECT custkey, hll_agg(orderkey) AS h FROM tpch.sf1.orders GROUP BY custkey)");
        assertEquals(99_996L, answer.rows().getFirst().get(0));
        // Fifteen ids a group among 4,096 registers: one in some 600 falls on a register that another has.
        long sum = (Long) answer.rows().getFirst().get(1);
        assertTrue(sum > 1_495_000 && sum < 1_500_000, () -> "counted " + sum);
        assertEquals(
                sql.value("SELECT cardinality(hll_agg(orderkey)) FROM tpch.sf1.orders"),
                answer.rows().getFirst().get(2));
        assertTrue(answer.info().getQueryStats().getSpilledDataSize().toBytes() > 0, "nothing was spilled");
    }

    @Test
    void aMillionGroupsComeBackWhole() {
        Sql.Answer answer = sql.requireAMillionGroups("merge(hll_create(custkey))");
        assertTrue(answer.info().getQueryStats().getSpilledDataSize().toBytes() > 0, "nothing was spilled");
    }
}
