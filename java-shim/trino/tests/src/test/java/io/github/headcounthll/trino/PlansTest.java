// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trino.Session;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans in which sketches do not only go from a column to merge: distinct aggregations, and functions of Trino over HLL. */
class PlansTest {
    private static final Sql SQL = Servers.shared();
    /** Sketches of 1, 2, ... 20 clients in the rows x = 0, 1, ... 19, in two groups. */
    private static final String SKETCHES = "(SELECT x, x % 2 AS k, hll_agg(id) AS h FROM (SELECT n.x, c.id FROM"
            + " UNNEST(sequence(0, 19)) AS n (x) JOIN " + Clients.first(20) + " AS c ON c.x <= n.x) GROUP BY x)";
    /** The same sketches beside columns to count distinctly. */
    private static final String ORDERS = "SELECT orderpriority, cardinality(merge(h)), cardinality(hll_agg(clerk)),"
            + " count(DISTINCT custkey), cardinality(hll_agg(DISTINCT clerk)), count(DISTINCT orderstatus)"
            + " FROM (SELECT *, hll_create(clerk) AS h FROM tpch.tiny.orders) GROUP BY orderpriority ORDER BY orderpriority";

    private static Session with(String strategy) {
        return Session.builder(SQL.runner().getDefaultSession())
                .setSystemProperty("distinct_aggregations_strategy", strategy)
                .build();
    }

    private static List<List<Object>> rows(String strategy, String sql) {
        return SQL.answer(with(strategy), sql).rows();
    }

    @ParameterizedTest
    @CsvSource({"single_step", "mark_distinct", "pre_aggregate", "split_to_subqueries"})
    void distinctAggregationsDoNotChangeTheSketches(String strategy) {
        List<List<Object>> found = rows(strategy, ORDERS);
        assertEquals(5, found.size());
        for (List<Object> row : found) {
            String of = " FROM tpch.tiny.orders WHERE orderpriority = '" + row.get(0) + "'";
            Object clerks = SQL.value("SELECT cardinality(hll_agg(clerk))" + of);
            assertEquals(
                    List.of(
                            row.get(0),
                            clerks,
                            clerks,
                            SQL.value("SELECT count(DISTINCT custkey)" + of),
                            clerks,
                            SQL.value("SELECT count(DISTINCT orderstatus)" + of)),
                    row);
        }
    }

    /** Without other aggregations, which keep Trino from splitting a query. */
    @ParameterizedTest
    @CsvSource({"single_step", "mark_distinct", "pre_aggregate", "split_to_subqueries"})
    void onlyDistinctAggregationsDoNotChangeTheSketches(String strategy) {
        assertEquals(
                List.of(List.of(
                        SQL.value("SELECT cardinality(hll_agg(clerk)) FROM tpch.tiny.orders"),
                        SQL.value("SELECT cardinality(hll_agg(custkey)) FROM tpch.tiny.orders"),
                        SQL.value("SELECT count(DISTINCT orderstatus) FROM tpch.tiny.orders"))),
                rows(
                        strategy,
                        "SELECT cardinality(hll_agg(DISTINCT clerk)), cardinality(hll_agg(DISTINCT custkey)),"
                                + " count(DISTINCT orderstatus) FROM tpch.tiny.orders"));
    }

    @Test
    void theStrategyIsInThePlan() {
        assertTrue(rows("mark_distinct", "EXPLAIN " + ORDERS).toString().contains("MarkDistinct"));
        assertFalse(rows("single_step", "EXPLAIN " + ORDERS).toString().contains("MarkDistinct"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max_by(h, x) | 19 | 20",
                "min_by(h, x) | 1 | 2",
                "max_by(h, x, 2)[2] | 17 | 18",
                "reduce(array_agg(h), empty_hll(), (s, y) -> hll_union(s, y), s -> s) | 19 | 20",
                "reduce_agg(h, empty_hll(), (s, y) -> hll_unite(s, y), (s, t) -> hll_unite(s, t)) | 19 | 20",
                "map_agg(x, h)[max(x)] | 19 | 20",
                "element_at(transform(array_agg(h ORDER BY x), y -> hll_reduce(y, 12)), -1) | 19 | 20",
                "hll_union(filter(array_agg(h), y -> cardinality(y) <= 10)) | 9 | 10",
                "coalesce(merge(h) FILTER (WHERE x < 0), any_value(h) FILTER (WHERE x = 4 + k)) | 5 | 6"
            })
    void functionsOverSketchesKeepThem(String sketch, long even, long odd) {
        assertEquals(
                List.of(List.of(0L, even), List.of(1L, odd)),
                SQL.rows("SELECT k, cardinality(" + sketch + ") FROM " + SKETCHES + " GROUP BY k ORDER BY k"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lag(h) OVER (ORDER BY x) | 190",
                "lead(h, 2) OVER (PARTITION BY k ORDER BY x) | 200",
                "first_value(h) OVER (ORDER BY x) | 20",
                "last_value(h) OVER (ORDER BY x ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING) | 229",
                "nth_value(h, 3) OVER (ORDER BY x) | 54",
                "max_by(h, x) OVER (PARTITION BY k ORDER BY x) | 210"
            })
    void windowFunctionsOverSketchesKeepThem(String sketch, long sum) {
        assertEquals(
                sum, SQL.value("SELECT sum(cardinality(h)) FROM (SELECT " + sketch + " AS h FROM " + SKETCHES + ")"));
    }
}
