// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trino.plugin.exchange.filesystem.FileSystemExchangePlugin;
import io.trino.spi.metrics.Count;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** retry-policy=TASK: partial results go through files. */
class FaultTolerantTest {
    /** Trino's name of the metric. */
    private static final String ROWS_WITHOUT_PARTIAL_STEP = "Input rows processed without partial aggregation enabled";

    @TempDir
    static Path exchange;

    private static Sql sql;

    @BeforeAll
    static void start() throws Exception {
        sql = Servers.distributed(Map.of(
                "retry-policy", "TASK",
                "query.hash-partition-count", "3",
                // Trino decides after some 150 kB of input whether a partial aggregation is worth it.
                "task.max-partial-aggregation-memory", "100kB"));
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

    /** Of unique keys, 1,500,000 groups, the partial step makes nothing smaller: Trino turns it off while the query runs. */
    @Test
    void aMillionGroupsGoThroughFilesWithoutThePartialStep() {
        Sql.Answer answer = sql.requireAMillionGroups("hll_agg(custkey)");
        assertEquals("TASK", answer.info().getRetryPolicy().name());
        assertTrue(rowsWithoutPartialStep(answer) > 1_000_000, "the partial step stayed on");
    }

    private static long rowsWithoutPartialStep(Sql.Answer answer) {
        return answer.info().getQueryStats().getOperatorSummaries().stream()
                .map(operator -> operator.getMetrics().getMetrics().get(ROWS_WITHOUT_PARTIAL_STEP))
                .filter(Objects::nonNull)
                .mapToLong(rows -> ((Count<?>) rows).getTotal())
                .sum();
    }
}
