// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** merge, hll_merge and hll_agg: what goes in, what is left out, and how they fail. */
class AggregationTest {
    private static final Sql SQL = Servers.shared();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "merge(hll_create(id))",
                "hll_merge(hll_create(id))",
                "hll_agg(id)",
                "hll_agg(id, 12)",
                "hll_merge(cast(hll_create(id) AS varbinary))",
                "hll_agg(to_utf8(id))",
                "hll_agg(to_utf8(id), 12)"
            })
    void countsWhatTheOriginalLibraryCounts(String aggregate) {
        String sizes = Arrays.stream(Clients.COUNTED)
                .map(set -> String.valueOf(set[0]))
                .collect(Collectors.joining(", "));
        assertEquals(
                Arrays.stream(Clients.COUNTED)
                        .map(set -> List.<Object>of(set[0], set[1]))
                        .toList(),
                SQL.rows("SELECT cast(n AS bigint), hll_cardinality(" + aggregate + ") FROM " + Clients.first(10_000)
                        + " CROSS JOIN UNNEST(ARRAY[" + sizes + "]) AS t (n) WHERE x < n GROUP BY n ORDER BY n"));
    }

    @Test
    void integersCountAsTheirDecimalText() {
        assertEquals(
                SQL.value(
                        "SELECT to_hex(cast(hll_agg(cast(x AS varchar)) AS varbinary)) FROM UNNEST(ARRAY[0, -1, 42]) t (x)"),
                SQL.value("SELECT to_hex(cast(hll_agg(x) AS varbinary)) FROM UNNEST(ARRAY[0, -1, 42]) t (x)"));
        assertEquals(
                14L,
                SQL.value(
                        "SELECT hll_precision(hll_agg(x, 14)) FROM UNNEST(ARRAY[BIGINT '-9223372036854775808', 42]) t (x)"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "merge(hll_create(id))",
                "hll_merge(cast(hll_create(id) AS varbinary))",
                "hll_agg(id)",
                "hll_agg(cast(id AS bigint), 10)"
            })
    void nothingGivesNull(String aggregate) {
        assertNull(SQL.value("SELECT " + aggregate + " FROM (VALUES '1') t (id) WHERE id = '2'"));
        assertNull(SQL.value("SELECT " + aggregate + " FROM (VALUES CAST(NULL AS varchar)) t (id)"));
        assertEquals(
                List.of(), SQL.rows("SELECT " + aggregate + " FROM (VALUES '1') t (id) WHERE id = '2' GROUP BY id"));
        assertEquals(
                List.of(Arrays.<Object>asList(1L, null), Arrays.<Object>asList(2L, 1L)),
                SQL.rows("SELECT g, hll_cardinality(" + aggregate
                        + ") FROM (VALUES (BIGINT '1', NULL), (2, '7'), (2, NULL), (1, NULL))"
                        + " t (g, id) GROUP BY g ORDER BY g"));
    }

    /** Many groups, of few ids that come again and again: the sum is sparse, as the sum of each id once. */
    @ParameterizedTest
    @ValueSource(ints = {8, 12})
    void idsThatComeAgainGiveTheSameBytes(int precision) {
        int distinct = precision == 8 ? 12 : 90;
        String ids = "(SELECT g, g * 1000 + k % " + distinct + " AS id FROM UNNEST(sequence(1, 400)) t (g)"
                + " CROSS JOIN UNNEST(sequence(1, 900)) u (k))";
        String build = "SELECT g, cast(hll_agg(id, " + precision + ") AS varbinary) AS agg,"
                + " cast(merge(hll_create(cast(id AS varchar), " + precision + ")) AS varbinary) AS merged FROM ";
        assertEquals(
                List.of(Arrays.<Object>asList(400L, 2L + 3L * distinct)),
                SQL.rows("SELECT count_if(once.agg = again.agg AND once.agg = again.merged), max(length(again.agg))"
                        + " + if(" + precision + " = 8, " + distinct + ", 0) FROM (" + build + ids
                        + " GROUP BY g) again JOIN (" + build
                        + "(SELECT DISTINCT g, id FROM " + ids + ") GROUP BY g) once ON once.g = again.g"));
    }

    @Test
    void aNullPrecisionLeavesTheRowOut() {
        assertEquals(
                1L, SQL.value("SELECT cardinality(hll_agg(id, p)) FROM (VALUES ('a', 12), ('b', NULL)) t (id, p)"));
    }

    @Test
    void filterChoosesRows() {
        assertEquals(
                List.of(Arrays.<Object>asList(101L, 20L, 993L, null)),
                SQL.rows(
                        "SELECT cardinality(merge(h) FILTER (WHERE x < 100)), cardinality(merge(h) FILTER (WHERE x < 20)),"
                                + " cardinality(merge(h)), cardinality(merge(h) FILTER (WHERE x < 0))"
                                + " FROM (SELECT x, hll_create(id) AS h FROM " + Clients.first(1_000) + ")"));
    }

    @Test
    void groupingSetsShareTheirInput() {
        Object rest = SQL.value("SELECT cardinality(hll_agg(id)) FROM " + Clients.first(100) + " WHERE x >= 20");
        assertEquals(
                List.of(
                        Arrays.<Object>asList("low", 20L),
                        Arrays.<Object>asList("rest", rest),
                        Arrays.<Object>asList(null, 101L)),
                SQL.rows("SELECT part, cardinality(merge(hll_create(id))) FROM"
                        + " (SELECT if(x < 20, 'low', 'rest') AS part, id FROM " + Clients.first(100) + ")"
                        + " GROUP BY GROUPING SETS ((part), ()) ORDER BY part"));
        assertEquals(
                4L + 2 + 2 + 1,
                SQL.value(
                        "SELECT count(*) FROM (SELECT merge(hll_create(id)) FROM (SELECT x % 2 AS a, x / 5 AS b, id FROM "
                                + Clients.first(10) + ") GROUP BY CUBE (a, b))"));
    }

    @Test
    void distinctWorksOnIdsAndFailsOnSketches() {
        assertEquals(
                3L,
                SQL.value("SELECT cardinality(hll_agg(DISTINCT id)) FROM (VALUES 'a', 'b', 'b', 'c', NULL) t (id)"));
        for (String sql : List.of(
                "SELECT merge(DISTINCT h) FROM (VALUES hll_create('a')) t (h)",
                "SELECT DISTINCT h FROM (VALUES hll_create('a')) t (h)",
                "SELECT count(*) FROM (VALUES hll_create('a')) t (h) GROUP BY h",
                "SELECT hll_create('a') = hll_create('b')",
                "SELECT h FROM (VALUES hll_create('a')) t (h) ORDER BY h")) {
            Sql.Failure failure = SQL.failure(sql);
            assertTrue(failure.code().equals("TYPE_MISMATCH"), () -> sql + ": " + failure);
            assertTrue(failure.message().contains("HLL"), failure.message());
        }
    }

    @Test
    void orderAndRepetitionChangeNothing() {
        assertEquals(
                List.of(Arrays.<Object>asList(101L, 101L)),
                SQL.rows(
                        "SELECT cardinality(merge(h ORDER BY x DESC)), cardinality(merge(h)) FROM (SELECT x, hll_create(id) AS h FROM "
                                + Clients.first(100) + ") CROSS JOIN UNNEST(ARRAY[1, 2, 3])"));
    }

    @Test
    void dictionaryAndRunLengthBlocksAreRead() {
        Object rest = SQL.value("SELECT cardinality(hll_agg(id)) FROM " + Clients.first(1_000) + " WHERE x >= 20");
        // A join repeats the sketch of its build side as a dictionary, a constant comes as a run.
        assertEquals(
                List.of(Arrays.<Object>asList(0, rest), Arrays.<Object>asList(1, 20L)),
                SQL.rows("WITH s AS (SELECT if(x < 20, 1, 0) AS k, merge(hll_create(id)) AS h FROM "
                        + Clients.first(1_000)
                        + " GROUP BY 1)"
                        + " SELECT k, cardinality(merge(h)) FROM UNNEST(sequence(0, 4999)) t (x) JOIN s ON k <= x % 2"
                        + " GROUP BY k ORDER BY k"));
        assertEquals(1L, SQL.value("SELECT cardinality(merge(hll_create('a'))) FROM UNNEST(sequence(1, 5000))"));
        assertEquals(
                2L,
                SQL.value("SELECT cardinality(hll_agg(if(x % 2 = 0, 'a', 'b'))) FROM UNNEST(sequence(1, 5000)) t (x)"));
    }

    @Test
    void largePrecisionsAreMergedInParts() {
        String many = "SELECT y * 1000 + x AS id FROM UNNEST(sequence(0, 199)) a (y), UNNEST(sequence(0, 999)) b (x)";
        for (int precision : new int[] {18, 21, 24}) {
            assertEquals(
                    SQL.value("SELECT cardinality(hll_agg(id, " + precision + ")) FROM (" + many + ")"),
                    SQL.value("SELECT cardinality(merge(h)) FROM (SELECT hll_agg(id, " + precision + ") AS h FROM ("
                            + many + ") GROUP BY id % 2)"),
                    "precision " + precision);
        }
    }

    @Test
    void mixedPrecisionsFailAndTheNextQueryWorks() {
        for (String sql : List.of(
                "SELECT merge(h) FROM (VALUES hll_create('a', 12), hll_create('b', 14)) t (h)",
                "SELECT hll_merge(cast(h AS varbinary)) FROM (VALUES hll_create('a', 12), hll_create('b', 14)) t (h)",
                "SELECT hll_agg(id, p) FROM (VALUES ('a', 12), ('b', 14)) t (id, p)",
                "SELECT hll_agg(id, p) FROM (VALUES (1, 12), (2, 14)) t (id, p)",
                "SELECT g, merge(hll_create(cast(x AS varchar), 12 + (x / 4999))) FROM"
                        + " (SELECT x, x % 7 AS g FROM UNNEST(sequence(0, 4999)) t (x)) GROUP BY g")) {
            Sql.Failure failure = SQL.failure(sql);
            assertEquals("INVALID_FUNCTION_ARGUMENT", failure.code(), failure.message());
            assertTrue(
                    failure.message().contains("12")
                            && (failure.message().contains("14")
                                    || failure.message().contains("13")),
                    failure.message());
            assertEquals(1L, SQL.value("SELECT cardinality(merge(hll_create('a', 12)))"));
        }
    }

    /** The empty set has no precision: the original's merge writes it at 12 whatever the table has. */
    @Test
    void emptySketchesOfAnotherPrecisionAreUnited() {
        for (String merge : List.of("hll_merge(h)", "merge(h)", "to_hll(hll_merge(cast(h AS varbinary)))")) {
            String result = "SELECT hll_precision(h), hll_cardinality(h) FROM (SELECT " + merge + " AS h FROM ";
            assertEquals(
                    List.of(Arrays.<Object>asList(14L, 1L)),
                    SQL.rows(result
                            + "(VALUES empty_hll(), hll_create('a', 14), empty_hll(16), hll_create('a', 14)) t (h))"));
            assertEquals(
                    List.of(Arrays.<Object>asList(10L, 0L)),
                    SQL.rows(result + "(VALUES empty_hll(14), empty_hll(10), empty_hll()) t (h))"));
        }
        for (String union : List.of(
                "hll_union(empty_hll(), hll_create('a', 14))",
                "hll_unite(hll_create('a', 14), empty_hll())",
                "hll_union(ARRAY[empty_hll(16), hll_create('a', 14)])",
                "hll_unite(X'030C', X'030E010005')")) {
            assertEquals(14L, SQL.expression("hll_precision(" + union + ")"), union);
            assertEquals(1L, SQL.expression("hll_cardinality(" + union + ")"), union);
        }
        assertEquals(0.0, SQL.expression("hll_jaccard(hll_create('a', 14), empty_hll())"));
    }

    @Test
    void groupsMayDifferInPrecision() {
        assertEquals(
                List.of(Arrays.<Object>asList(12L, 2L), Arrays.<Object>asList(14L, 1L)),
                SQL.rows("SELECT hll_precision(h), cardinality(h) FROM (SELECT merge(hll_create(id, p)) AS h FROM"
                        + " (VALUES ('a', 12), ('b', 12), ('c', 14)) t (id, p) GROUP BY p) ORDER BY 1"));
    }

    @Test
    void malformedBytesInHllMergeAreRejected() {
        Sql.Failure failure = SQL.failure("SELECT hll_merge(b) FROM (VALUES X'030C', X'020C00') t (b)");
        assertEquals("INVALID_FUNCTION_ARGUMENT", failure.code());
        assertTrue(failure.message().contains("4098"), failure.message());
    }
}
