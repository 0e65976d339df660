// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The plugin with the C library in PrestoDB's own process, which is what it does when nothing is configured. */
class NativeTest {
    private static final Tables TABLES = new Tables();
    private static final Sql SQL = Engines.withNativePlugin(TABLES);

    @ParameterizedTest
    @ValueSource(strings = {"client_count", "client_count_sparse"})
    void theCountQueryGivesWhatTheOriginalGives(String table) throws Exception {
        Fixture.load(TABLES, table);
        String query = Fixture.query("channel_counts.sql").replace("FROM client_count\n", "FROM " + table + "\n");
        List<List<String>> found = SQL.rows(query).stream()
                .map(row -> row.stream()
                        .map(value -> value == null ? "" : value.toString())
                        .collect(Collectors.toList()))
                .collect(Collectors.toList());
        assertEquals(Fixture.expected("expected_seed_query.csv"), found);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "to_hex(cast(hll_create('a', 12) AS varbinary)) | 030CC50202",
                "hll_cardinality(X'030CC50202') | 1",
                "hll_precision(empty_hll(24)) | 24",
                "hll_precision(hll_reduce(hll_create('a', 14), 12)) | 12",
                "cardinality(hll_union(hll_create('a'), hll_create('b'))) | 2",
                "cardinality(hll_union(ARRAY[hll_create('a'), NULL, hll_create('b')])) | 2",
                "hll_jaccard(hll_create('a'), hll_create('a')) | 1.0"
            })
    void scalarsGiveTheirValues(String expression, String expected) {
        assertEquals(expected, String.valueOf(SQL.value("SELECT " + expression)));
    }

    /** 4,000 arrays of 1 to 9 elements and two more, against SQL's own sums. The arrays of a page are parts of one. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_500})
    void sumsOfArraysAreThoseOfTheirElements(int groups) {
        String arrays = "(SELECT x, x % " + groups + " AS g, concat(transform(sequence(1, 1 + x % 9), i -> x * i),"
                + " ARRAY[x, 1]) AS h FROM (SELECT a * 100 + b AS x FROM UNNEST(sequence(0, 39)) t (a)"
                + " CROSS JOIN UNNEST(sequence(0, 99)) u (b)))";
        assertEquals(
                SQL.rows("SELECT g, array_agg(s ORDER BY i) FROM (SELECT g, i, sum(e) AS s FROM " + arrays
                        + " CROSS JOIN UNNEST(h) WITH ORDINALITY t (e, i) GROUP BY g, i) GROUP BY g ORDER BY g"),
                SQL.rows("SELECT g, histogram_sum(h) FROM " + arrays + " GROUP BY g ORDER BY g"));
        assertEquals(
                SQL.rows("SELECT g, sum(x), count(*) FROM " + arrays + " GROUP BY g ORDER BY g"),
                SQL.rows("SELECT g, element_at(s, -2), element_at(s, -1) FROM"
                        + " (SELECT g, aggregate_histograms(h) AS s FROM " + arrays + " GROUP BY g) ORDER BY g"));
    }

    @Test
    void manyGroupsOfManyIdsAreAggregated() {
        assertEquals(
                List.of(List.of(5_000L, 5_000L)),
                SQL.rows("SELECT count(*), count_if(cardinality(h) = cardinality(m)) FROM"
                        + " (SELECT x % 5000 AS g, hll_agg(x) AS h, merge(hll_create(cast(x AS varchar))) AS m"
                        + " FROM UNNEST(sequence(0, 9999)) AS t (x) GROUP BY 1)"));
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
    void invalidBytesUnderTryCastAreNull() {
        assertNull(SQL.value("SELECT try_cast(X'FF' AS HLL)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"libheadcount.so", "libheadcount-jni.so"})
    void aNodeThatLacksALibraryIsNotStarted(String library) throws Exception {
        PluginFolder plugin = new PluginFolder();
        Files.delete(plugin.libraries().resolve(library));
        RuntimeException thrown =
                assertThrows(RuntimeException.class, () -> plugin.load().getTypes());
        assertTrue(
                thrown.getMessage()
                        .contains(plugin.libraries().resolve(library) + ": found nothing; expected " + library),
                thrown.getMessage());
    }
}
