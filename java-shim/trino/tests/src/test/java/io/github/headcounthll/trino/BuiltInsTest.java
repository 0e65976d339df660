// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trino's own functions of the same names go on working. */
class BuiltInsTest {
    private static final Sql SQL = Servers.shared();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT cardinality(ARRAY[1, 2, 3]) | 3",
                "SELECT cardinality(map(ARRAY[1, 2], ARRAY[3, 4])) | 2",
                "SELECT cardinality(approx_set(1)) | 1",
                "SELECT cardinality(empty_approx_set()) | 0",
                "SELECT cardinality(make_set_digest(1)) | 1",
                "SELECT approx_distinct(1) | 1",
                "SELECT cardinality(cast(cast(s AS varbinary) AS HyperLogLog)) FROM (SELECT approx_set(1) AS s) | 1",
                "SELECT cardinality(merge(s)) FROM (SELECT approx_set(1) AS s) | 1",
                "SELECT cardinality(merge(s)) FROM (SELECT cast(approx_set(1) AS P4HyperLogLog) AS s) | 1",
                "SELECT value_at_quantile(merge(s), 0.5) FROM (SELECT qdigest_agg(7) AS s) | 7",
                "SELECT value_at_quantile(merge(s), 0.5) FROM (SELECT tdigest_agg(7) AS s) | 7.0"
            })
    void goOnWorking(String sql, String expected) {
        assertEquals(expected, String.valueOf(SQL.value(sql)));
    }

    @Test
    void bothKindsOfMergeStandInOneQuery() {
        assertEquals(
                true,
                SQL.value("SELECT cardinality(merge(ours)) = 101 AND cardinality(merge(theirs)) BETWEEN 95 AND 105 FROM"
                        + " (SELECT x % 7 AS g, merge(hll_create(id)) AS ours, approx_set(id) AS theirs FROM "
                        + Clients.first(100) + " GROUP BY 1)"));
    }

    @Test
    void theNewTypeDoesNotTakeTheirCasts() {
        assertTrue(SQL.failure("SELECT cast(approx_set(1) AS HLL)").code().equals("TYPE_MISMATCH"));
    }
}
