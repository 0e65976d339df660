// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.facebook.presto.Session;
import com.facebook.presto.execution.QueryInfo;
import com.facebook.presto.execution.StageInfo;
import com.facebook.presto.operator.OperatorStats;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans on two workers: states that are spilled, partial aggregation that is skipped, and RANGE frames. */
class PlansTest {
    /** 600,572 lines of 150,000 orders, one to seven lines an order; the expression hides that the table is split by orderkey. */
    private static final String LINES =
            "(SELECT orderkey + 1 AS k, linenumber, hll_create(linenumber) AS h FROM tpch.\"sf0.1\".lineitem)";

    private static final long LINE_COUNT = 600_572;

    @TempDir
    static Path spilled;

    private static Sql sql;

    /** The servers end with the process: PrestoDB waits without end when several in one process are stopped. */
    @BeforeAll
    static void start() {
        sql = Engines.withWorkers(Map.of(
                "experimental.spiller-spill-path", spilled.toString(),
                "experimental.spiller-max-used-space-threshold", "1.0",
                "experimental.memory-revoking-threshold", "0.0",
                "experimental.memory-revoking-target", "0.0",
                // Partial aggregations are flushed every 100 kB, so that states cross the network.
                "task.max-partial-aggregation-memory", "100kB"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"merge(h)", "hll_agg(linenumber)"})
    void statesAreSpilledAndComeBackWhole(String sketch) throws Exception {
        QueryInfo info = requireEachOrder(with(Map.of("spill_enabled", "true")), sketch);
        assertTrue(info.getQueryStats().getSpilledDataSize().toBytes() > 0, "nothing was spilled");
        assertEquals(2, nodesWithRows(info), "workers");
    }

    /**
     * PrestoDB skips the partial aggregation of a node once it has read 1.5 times its memory and more than a share of the rows were groups
     * of their own. From then on each row gives a state, as the operator's statistics show. The pages that each split has read before are
     * aggregated, a large part of this table.
     */
    @ParameterizedTest
    @ValueSource(strings = {"merge(h)", "hll_agg(linenumber)"})
    void statesOfSingleRowsAreUnited(String sketch) throws Exception {
        QueryInfo aggregated = requireEachOrder(with(Map.of("adaptive_partial_aggregation", "false")), sketch);
        QueryInfo skipped = requireEachOrder(
                with(Map.of(
                        "adaptive_partial_aggregation", "true",
                        "adaptive_partial_aggregation_unique_rows_ratio_threshold", "0.1")),
                sketch);
        long states = partialStates(aggregated);
        assertTrue(states < LINE_COUNT / 3, () -> states + " states");
        assertTrue(
                2 * partialStates(skipped) > 3 * states,
                () -> states + " states, and " + partialStates(skipped) + " where most rows are to give one each");
    }

    /** Weeks of days, some of which have no orders, compared with a join. */
    @Test
    void rangeFramesUniteTheRowsOfTheirRange() {
        String days = "(SELECT orderpriority AS p, orderdate AS d, hll_agg(orderkey) AS h FROM tpch.tiny.orders"
                + " WHERE orderdate < DATE '1992-06-01' GROUP BY 1, 2)";
        List<List<Object>> frames = sql.rows(
                "SELECT p, d, cardinality(merge(h) OVER (PARTITION BY p ORDER BY d RANGE BETWEEN INTERVAL '6' DAY PRECEDING"
                        + " AND CURRENT ROW)) FROM " + days + " ORDER BY 1, 2");
        List<List<Object>> joined = sql.rows(
                "SELECT a.p, a.d, cardinality(merge(b.h)) FROM " + days + " AS a JOIN " + days
                        + " AS b ON a.p = b.p AND b.d BETWEEN a.d - INTERVAL '6' DAY AND a.d GROUP BY 1, 2 ORDER BY 1, 2");
        assertTrue(joined.size() > 100, () -> joined.size() + " days");
        assertEquals(joined, frames);
    }

    private static Session with(Map<String, String> properties) {
        Session.SessionBuilder session = Session.builder(sql.session());
        properties.forEach(session::setSystemProperty);
        return session.build();
    }

    /** Requires that the sketch of each order counts its lines, and returns what PrestoDB knows of the query. */
    private static QueryInfo requireEachOrder(Session session, String sketch) throws Exception {
        Sql.Answer answer = sql.answer(
                session,
                "SELECT count(*), sum(cardinality(s)), cardinality(merge(s)) FROM (SELECT k, " + sketch + " AS s FROM "
                        + LINES + " GROUP BY k)");
        assertEquals(List.of(List.of(150_000L, LINE_COUNT, 7L)), answer.rows());
        return answer.info();
    }

    /** The states that the partial aggregation, which reads each line, has put out. */
    private static long partialStates(QueryInfo info) {
        List<OperatorStats> partial = info.getQueryStats().getOperatorSummaries().stream()
                .filter(operator -> operator.getOperatorType().equals("HashAggregationOperator"))
                .filter(operator -> operator.getInputPositions() == LINE_COUNT)
                .toList();
        assertEquals(1, partial.size(), () -> "partial aggregations: " + partial);
        return partial.get(0).getOutputPositions();
    }

    /** The nodes whose tasks read rows of the table. */
    private static long nodesWithRows(QueryInfo info) {
        return StageInfo.getAllStages(info.getOutputStage()).stream()
                .flatMap(stage -> stage.getLatestAttemptExecutionInfo().getTasks().stream())
                .filter(task -> task.getStats().getRawInputPositions() > 0)
                .map(task -> task.getNodeId())
                .distinct()
                .count();
    }
}
