// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** NULLs, errors, PrestoDB's own functions of the same names, and a plugin that cannot work. */
class PluginTest {
    private static final Sql SQL = Engines.withPlugin();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hll_create(CAST(NULL AS varchar))",
                // The vectors of Spark's functions with a NULL argument: the conformance protocol cannot ask for these.
                "hll_create(CAST(NULL AS varchar), 12)",
                "hll_create(CAST(NULL AS varchar), 2)",
                "cardinality(CAST(NULL AS HLL))",
                "hll_create('a', CAST(NULL AS bigint))",
                "hll_union(CAST(NULL AS HLL), hll_create('a'))",
                "hll_union(CAST(NULL AS array(HLL)))",
                "hll_union(CAST(ARRAY[] AS array(HLL)))",
                "hll_union(ARRAY[CAST(NULL AS HLL)])",
                "hll_precision(CAST(NULL AS HLL))",
                "hll_bounds(hll_create('a'), NULL)",
                "hll_jaccard(hll_create('a'), NULL)",
                "hll_cardinality(CAST(NULL AS varbinary))",
                "try_cast(X'FF' AS HLL)",
                "try(hll_create('a', 25))"
            })
    void givesNull(String expression) {
        assertNull(SQL.value("SELECT " + expression));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cast(X'090C' AS HLL) | hll: ",
                "hll_cardinality(X'FF') | hll: ",
                "hll_create('a', 25) | 25",
                "hll_reduce(hll_create('a', 12), 13) | 13",
                "hll_bounds(hll_create('a'), 4) | 4",
                "hll_union(hll_create('a', 12), hll_create('a', 14)) | precision"
            })
    void theErrorIsTheLibrarysSentence(String expression, String says) {
        String message = SQL.failure("SELECT " + expression);
        assertTrue(message.contains(says), message);
    }

    @Test
    void mergeOfNothingIsNull() {
        assertNull(SQL.value("SELECT merge(s) FROM (VALUES hll_create('a')) AS t (s) WHERE false"));
        assertNull(SQL.value("SELECT merge(s) FROM (VALUES CAST(NULL AS HLL)) AS t (s)"));
    }

    @Test
    void mergeOfTwoPrecisionsIsRejected() {
        String message = SQL.failure("SELECT merge(s) FROM (VALUES hll_create('a', 12), hll_create('a', 14)) AS t (s)");
        assertTrue(message.contains("precision"), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT cardinality(ARRAY[1, 2, 3]) | 3",
                "SELECT cardinality(map(ARRAY[1, 2], ARRAY[3, 4])) | 2",
                "SELECT cardinality(approx_set(1)) | 1",
                "SELECT cardinality(empty_approx_set()) | 0",
                "SELECT approx_distinct(1) | 1",
                "SELECT cardinality(merge(s)) FROM (SELECT approx_set(1) AS s) | 1",
                "SELECT cardinality(merge(s)) FROM (SELECT cast(approx_set(1) AS P4HyperLogLog) AS s) | 1",
                "SELECT value_at_quantile(merge(s), 0.5e0) FROM (SELECT qdigest_agg(BIGINT '7') AS s) | 7"
            })
    void prestosOwnGoOnWorking(String sql, String expected) {
        assertEquals(expected, String.valueOf(SQL.value(sql)));
    }

    @Test
    void bothKindsOfMergeStandInOneQuery() {
        assertEquals(
                true,
                SQL.value("SELECT cardinality(merge(ours)) BETWEEN 98 AND 102"
                        + " AND cardinality(merge(theirs)) BETWEEN 95 AND 105 FROM (SELECT x % 7 AS g, hll_agg(x) AS ours,"
                        + " approx_set(x) AS theirs FROM UNNEST(sequence(1, 100)) AS t (x) GROUP BY 1)"));
    }

    @Test
    void manyGroupsKeepApart() {
        assertEquals(
                List.of(List.of(5_000L, 5_000L)),
                SQL.rows("SELECT count(*), count_if(cardinality(h) = cardinality(hll_union(parts))) FROM"
                        + " (SELECT x % 5000 AS g, merge(hll_create(cast(x AS varchar))) AS h,"
                        + " array_agg(hll_create(cast(x AS varchar))) AS parts"
                        + " FROM UNNEST(sequence(0, 9999)) AS t (x) GROUP BY 1)"));
    }

    @Test
    void aColumnHasNoEquality() {
        String message = SQL.failure("SELECT count(DISTINCT s) FROM (VALUES hll_create('a')) AS t (s)");
        assertTrue(message.contains("HLL") || message.contains("comparable"), message);
    }
}
