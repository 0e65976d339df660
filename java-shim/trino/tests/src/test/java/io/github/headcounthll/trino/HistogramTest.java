// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The functions over histograms: what is added to what, NULLs, groups, states that are exchanged, and errors. */
class HistogramTest {
    private static final Sql SQL = Servers.shared();

    @Test
    void sumAndCountAreAddedToEachOtherWhateverTheLengths() {
        assertEquals(
                List.of(6L, 2L, 40L, 4L),
                SQL.value(
                        "SELECT aggregate_histograms(h) FROM (VALUES ARRAY[BIGINT '1', 2, 30, 3], ARRAY[5, 10, 1]) t (h)"));
        assertEquals(
                List.of(6L, 12L, 31L, 3L),
                SQL.value("SELECT histogram_sum(h) FROM (VALUES ARRAY[BIGINT '1', 2, 30, 3], ARRAY[5, 10, 1]) t (h)"));
    }

    @Test
    void nullElementsAreZero() {
        assertEquals(
                List.of(5L, 2L, 31L, 3L),
                SQL.value("SELECT aggregate_histograms(h) FROM (VALUES ARRAY[NULL, BIGINT '2', NULL, 2],"
                        + " ARRAY[BIGINT '5', 31, 1]) t (h)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"aggregate_histograms", "histogram_sum"})
    void nothingGivesNull(String aggregate) {
        assertNull(SQL.value("SELECT " + aggregate + "(h) FROM (VALUES ARRAY[BIGINT '1', 1]) t (h) WHERE h[1] = 2"));
        assertNull(SQL.value("SELECT " + aggregate + "(h) FROM (VALUES CAST(NULL AS array(bigint))) t (h)"));
        assertEquals(
                List.of(Arrays.<Object>asList(1L, null), Arrays.<Object>asList(2L, List.of(3L, 4L))),
                SQL.rows("SELECT g, " + aggregate + "(h) FROM (VALUES (BIGINT '1', NULL), (2, ARRAY[BIGINT '3', 4]),"
                        + " (2, NULL), (1, NULL)) t (g, h) GROUP BY g ORDER BY g"));
    }

    /** 4,000 arrays of 1 to 9 buckets: many groups, partial and final states on two stages, against SQL's own sums. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_500})
    void equalsSumsOverTheElements(int groups) {
        String arrays =
                "(SELECT x, x % " + groups + " AS g, concat(transform(sequence(1, 1 + x % 9), i -> x * i), ARRAY[x, 1])"
                        + " AS h FROM (SELECT a * 100 + b AS x FROM UNNEST(sequence(0, 39)) t (a) CROSS JOIN UNNEST(sequence(0, 99)) u (b)))";
        assertEquals(
                SQL.rows("SELECT g, array_agg(s ORDER BY i) FROM (SELECT g, i, sum(e) AS s FROM " + arrays
                        + " CROSS JOIN UNNEST(h) WITH ORDINALITY t (e, i) GROUP BY g, i) GROUP BY g ORDER BY g"),
                SQL.rows("SELECT g, histogram_sum(h) FROM " + arrays + " GROUP BY g ORDER BY g"));
        assertEquals(
                SQL.rows("SELECT g, sum(x), count(*) FROM " + arrays + " GROUP BY g ORDER BY g"),
                SQL.rows(
                        "SELECT g, element_at(s, -2), element_at(s, -1) FROM (SELECT g, aggregate_histograms(h) AS s FROM "
                                + arrays + " GROUP BY g) ORDER BY g"));
    }

    @Test
    void aWindowFrameHasItsOwnSum() {
        assertEquals(
                List.of(List.of(List.of(1L, 1L)), List.of(List.of(3L, 2L)), List.of(List.of(5L, 2L))),
                SQL.rows("SELECT histogram_sum(ARRAY[x, 1]) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)"
                        + " FROM (VALUES BIGINT '1', 2, 3) t (x)"));
    }

    @Test
    void dictionariesOfArraysAndElementsAreRead() {
        assertEquals(
                List.of(300L, 150L),
                SQL.value(
                        "SELECT histogram_sum(h) FROM (SELECT if(x < 50, ARRAY[BIGINT '4', 2], ARRAY[BIGINT '2', 1]) AS h"
                                + " FROM UNNEST(sequence(0, 99)) t (x))"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT aggregate_histograms(h) FROM (VALUES ARRAY[BIGINT '1']) t (h)",
                "SELECT histogram_percentile(ARRAY[0, 1], ARRAY[1, 1], 101)",
                "SELECT histogram_percentile(ARRAY[0, 1], ARRAY[1], 50)",
                "SELECT histogram_mean(ARRAY[1, 0], ARRAY[1, 1])",
                "SELECT histogram_buckets('Linear', 1, 10, 5)",
                "SELECT histogram_buckets('linear', 10, 1, 5)"
            })
    void invalidArgumentsAreErrors(String query) {
        Sql.Failure failure = SQL.failure(query);
        assertEquals("INVALID_FUNCTION_ARGUMENT", failure.code(), failure.message());
        assertTrue(failure.message().contains("hist:"), failure.message());
    }

    @Test
    void withoutCountsThereIsNoPercentileAndNoMean() {
        assertNull(SQL.expression("histogram_percentile(ARRAY[0, 1], ARRAY[0, -1], 50)"));
        assertNull(SQL.expression("histogram_mean(ARRAY[0, 1], ARRAY[0, 0])"));
        assertNull(SQL.expression("histogram_mean(ARRAY[0, 1], CAST(NULL AS array(bigint)))"));
    }
}
