// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The queries and jobs of sql/ in PrestoDB with the plugin as it is installed, over the fixture. */
class QueriesTest {
    private static final String WEEK = "activitydate BETWEEN DATE '2016-09-05' AND DATE '2016-09-11'";

    private static final Tables TABLES = new Tables();
    private static Sql sql;

    @BeforeAll
    static void start() throws SQLException {
        sql = Engines.withNativePlugin(TABLES);
        Fixture.load(TABLES, "client_count");
    }

    @AfterAll
    static void stop() {
        sql.close();
    }

    /** The first columns of the original's results: segment, day, DAU, WAU, MAU, ER. */
    @ParameterizedTest
    @CsvSource({"engagement.sql, expected_engagement.csv", "e10s.sql, expected_e10s.csv"})
    void givesWhatTheOriginalGives(String query, String expected) throws Exception {
        assertEquals(
                sorted(firstSix(Fixture.expected(expected))), sorted(firstSix(text(sql.rows(Fixture.query(query))))));
    }

    /** Exact clients, retained, new and lost clients by channel and week; e2e has the same query for Trino. */
    private static List<List<Object>> exactGrowth() throws SQLException {
        return Fixture.duckdb(
                "WITH periods AS (SELECT DISTINCT normalizedchannel AS segment,"
                        + " date_diff('day', DATE '2016-09-05', activitydate) // 7 AS period, client_id"
                        + " FROM '" + Engines.ROOT.resolve("e2e/testdata/client_activity.parquet") + "'),"
                        + " pairs AS (SELECT segment, period + following AS period, client_id,"
                        + " bool_or(following = 0) AS now, bool_or(following = 1) AS before"
                        + " FROM periods, (VALUES (0), (1)) AS t (following) GROUP BY ALL)"
                        + " SELECT coalesce(segment, ''), cast(DATE '2016-09-05' + cast(period * 7 AS integer) AS varchar),"
                        + " count_if(now)::bigint, count_if(now AND before)::bigint, count_if(now AND NOT before)::bigint,"
                        + " count_if(before AND NOT now)::bigint"
                        + " FROM pairs WHERE period BETWEEN 1 AND 7 GROUP BY segment, period ORDER BY ALL",
                (i, value) -> value);
    }

    /** The bounds are for 2 sigmas, so 19 of 20 intersections must be inside. */
    @Test
    void growthHoldsTheExactCounts() throws Exception {
        List<List<Object>> exact = exactGrowth();
        List<List<Object>> got = sql.rows(Fixture.query("growth.sql")).stream()
                .sorted(Comparator.comparing(row -> text(row, 2).toString()))
                .collect(Collectors.toList());
        assertEquals(35, got.size());
        int outside = 0;
        for (int i = 0; i < got.size(); i++) {
            List<Object> row = got.get(i);
            assertEquals(text(exact.get(i), 2), text(row, 2));
            double clients = (Long) exact.get(i).get(2);
            assertEquals(clients, (Double) row.get(2), 0.04 * clients, "clients of " + row);
            for (int figure = 0; figure < 3; figure++) {
                double truth = (Long) exact.get(i).get(3 + figure);
                boolean inside = (Double) row.get(4 + 3 * figure) <= truth && truth <= (Double) row.get(5 + 3 * figure);
                outside += inside ? 0 : 1;
            }
        }
        assertTrue(outside <= 35 / 20, outside + " of 105 bounds");
    }

    /** The jobs of sql/hive without the session property, which is the Hive connector's. */
    @Test
    void theJobsMakeWhatTheOriginalMade() throws Exception {
        Fixture.loadActivity(TABLES, "client_activity", WEEK + " AND client_id < '8'");
        Fixture.loadActivity(TABLES, "client_activity_late", WEEK + " AND client_id >= '8'");
        Fixture.empty(TABLES, "early");
        Fixture.empty(TABLES, "whole");
        sql.rows(insert("hive/daily.sql", "early"));
        sql.rows(insert("hive/late.sql", "whole").replace("FROM client_count\n", "FROM early\n"));
        String figures = "SELECT activitydate, normalizedchannel, country, version, os, e10senabled, e10scohort,"
                + " hll_cardinality(hll_merge(hll)) FROM %s WHERE " + WEEK + " GROUP BY 1, 2, 3, 4, 5, 6, 7";
        assertEquals(
                sorted(text(sql.rows(String.format(figures, "client_count")))),
                sorted(text(sql.rows(String.format(figures, "whole")))));
    }

    /** The INSERT of a file of three statements, into another table. */
    private static String insert(String file, String table) throws Exception {
        List<String> statements = Fixture.statements(file);
        assertEquals(3, statements.size(), file);
        assertTrue(statements.get(0).startsWith("SET SESSION hive.insert_existing_partitions_behavior"), file);
        return statements.get(1).replace("INSERT INTO client_count\n", "INSERT INTO " + table + "\n");
    }

    private static List<List<String>> text(List<List<Object>> rows) {
        return rows.stream().map(row -> text(row, row.size())).collect(Collectors.toList());
    }

    private static List<String> text(List<Object> row, int columns) {
        return row.stream()
                .limit(columns)
                .map(value -> value == null ? "" : value.toString())
                .collect(Collectors.toList());
    }

    private static List<List<String>> firstSix(List<List<String>> rows) {
        return rows.stream().map(row -> row.subList(0, 6)).collect(Collectors.toList());
    }

    private static List<List<String>> sorted(List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>(rows);
        all.sort(Comparator.comparing(row -> Arrays.toString(row.toArray())));
        return all;
    }
}
