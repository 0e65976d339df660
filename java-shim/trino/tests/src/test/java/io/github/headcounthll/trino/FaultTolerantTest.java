// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trino.plugin.exchange.filesystem.FileSystemExchangePlugin;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** retry-policy=TASK: partial results go through files. */
class FaultTolerantTest {
    @TempDir
    static Path exchange;

    private static Sql sql;

    @BeforeAll
    static void start() throws Exception {
        sql = Servers.distributed(Map.of("retry-policy", "TASK", "query.hash-partition-count", "3"));
        sql.runner().installPlugin(new FileSystemExchangePlugin());
        sql.runner()
                .loadExchangeManager(
                        "filesystem",
                        Map.of("exchange.base-directories", exchange.toUri().toString()));
    }

    @AfterAll
    static void stop() {
        sql.close();
    }

    @Test
    void mergeAndBuildGoThroughFiles() {
        // 1,500 customers; 15,000 orders.
        String customers = "(SELECT custkey, hll_create(cast(orderkey AS varchar)) AS h FROM tpch.tiny.orders)";
        Sql.Answer answer =
                sql.answer("SELECT sum(cardinality(h)), cardinality(merge(h)) FROM (SELECT custkey, merge(h) AS h FROM "
                        + customers + " GROUP BY custkey)");
        // Some ids of a customer share a register.
        assertEquals(15_000.0, (Long) answer.rows().getFirst().get(0), 50);
        assertEquals("TASK", answer.info().getRetryPolicy().name());
        assertEquals(
                sql.value("SELECT cardinality(hll_agg(orderkey)) FROM tpch.tiny.orders"),
                answer.rows().getFirst().get(1));
    }

    /** Partial results of unique keys, 1,500,000 groups, go through files. */
    @Test
    void aMillionGroupsGoThroughFiles() {
        Sql.Answer answer = sql.requireAMillionGroups("hll_agg(custkey)");
        assertEquals("TASK", answer.info().getRetryPolicy().name());
    }
}
