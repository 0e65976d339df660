// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scalar functions: a value each, NULLs, and arguments that are rejected. */
class ScalarTest {
    private static final Sql SQL = Servers.shared();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "to_hex(cast(hll_create('a') AS varbinary)) | 030CC50202",
                "to_hex(cast(hll_create('a', 12) AS varbinary)) | 030CC50202",
                "to_hex(cast(empty_hll() AS varbinary)) | 030C",
                "to_hex(cast(empty_hll(24) AS varbinary)) | 0318",
                "hll_precision(hll_create('a', 24)) | 24",
                "to_hex(cast(hll_create(7) AS varbinary)) = to_hex(cast(hll_create('7') AS varbinary)) | true",
                "to_hex(cast(hll_create(-7, 14) AS varbinary)) = to_hex(cast(hll_create('-7', 14) AS varbinary)) | true",
                "to_hex(cast(hll_create(TINYINT '7') AS varbinary)) = to_hex(cast(hll_create('7') AS varbinary)) | true",
                "hll_precision(hll_reduce(hll_create('a', 14), 12)) | 12",
                "cardinality(hll_union(hll_create('a'), hll_create('b'))) | 2",
                "cardinality(hll_union(ARRAY[hll_create('a'), NULL, hll_create('b')])) | 2",
                "cardinality(empty_hll()) | 0",
                "hll_cardinality(hll_create('')) | 1",
                "hll_cardinality(X'030C010005') | 1",
                "to_hex(cast(to_hll(X'030C010005') AS varbinary)) | 030C010005",
                "to_hex(hll_union(ARRAY[X'030C010005', NULL])) | 030C010005",
                "to_hex(hll_unite(X'030C010005', X'030C010007')) | 030C010007",
                "hll_cardinality(hll_reduce(hll_unite(X'030E', X'030E010005'), 12)) | 1",
                "hll_bounds(empty_hll(), 2).lower | 0.0",
                "hll_intersection(hll_create('a'), empty_hll()).estimate | 0.0",
                "hll_intersection(hll_create('a'), empty_hll()).lower | 0.0",
                "hll_jaccard(hll_create('a'), empty_hll()) | 0.0",
                "round(hll_estimate(hll_create('a')), 3) | 1.0"
            })
    void givesItsValue(String expression, String expected) {
        assertEquals(expected, String.valueOf(SQL.expression(expression)));
    }

    @Test
    void boundsEncloseTheEstimate() {
        assertEquals(
                true,
                SQL.value("SELECT b.lower < e AND e < b.upper AND c.lower < b.lower AND b.upper < c.upper FROM"
                        + " (SELECT hll_estimate(h) AS e, hll_bounds(h, 1) AS b, hll_bounds(h, 3) AS c FROM"
                        + " (SELECT hll_agg(id) AS h FROM " + Clients.first(1_000) + "))"));
    }

    @Test
    void intersectionFindsTheSharedClients() {
        assertEquals(
                true,
                SQL.value("SELECT i.lower <= 500 AND 500 <= i.upper AND i.lower <= i.estimate AND i.estimate <= i.upper"
                        + " AND j BETWEEN 0.3 AND 0.7 FROM (SELECT hll_intersection(a, b) AS i, hll_jaccard(a, b) AS j FROM"
                        + " (SELECT hll_agg(id) AS a, hll_agg(id) FILTER (WHERE x % 2 = 0) AS b FROM "
                        + Clients.first(1_000) + "))"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hll_create(CAST(NULL AS varchar))",
                "hll_create(CAST(NULL AS varchar), 12)",
                "hll_create('a', CAST(NULL AS bigint))",
                "hll_create(CAST(NULL AS bigint))",
                "hll_create(7, NULL)",
                "to_hll(NULL)",
                "to_hll(CAST(NULL AS varbinary))",
                "hll_reduce(CAST(NULL AS varbinary), 10)",
                "hll_jaccard(X'030C', NULL)",
                "hll_jaccard(NULL, NULL)",
                "hll_intersection(NULL, X'030C')",
                "hll_union(NULL, X'030C')",
                "hll_unite(NULL, hll_create('a'))",
                "hll_union(CAST(NULL AS array(varbinary)))",
                "hll_union(ARRAY[CAST(NULL AS varbinary)])",
                "try(to_hll(X'FF'))",
                "hll_union(CAST(NULL AS HLL), hll_create('a'))",
                "hll_union(hll_create('a'), CAST(NULL AS HLL))",
                "hll_union(CAST(NULL AS array(HLL)))",
                "hll_union(CAST(ARRAY[] AS array(HLL)))",
                "hll_union(ARRAY[CAST(NULL AS HLL)])",
                "empty_hll(NULL)",
                "hll_precision(CAST(NULL AS HLL))",
                "hll_reduce(CAST(NULL AS HLL), 10)",
                "hll_reduce(hll_create('a'), NULL)",
                "hll_estimate(CAST(NULL AS HLL))",
                "hll_bounds(CAST(NULL AS HLL), 1)",
                "hll_bounds(hll_create('a'), NULL)",
                "hll_intersection(CAST(NULL AS HLL), hll_create('a'))",
                "hll_jaccard(hll_create('a'), NULL)",
                "hll_cardinality(CAST(NULL AS HLL))",
                "hll_cardinality(CAST(NULL AS varbinary))"
            })
    void nullGivesNull(String expression) {
        assertNull(SQL.expression(expression));
    }

    /** Between signatures that take NULL themselves Trino does not choose: a literal NULL needs a type. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "hll_create(NULL)",
                "hll_cardinality(NULL)",
                "hll_estimate(NULL)",
                "hll_precision(NULL)",
                "hll_bounds(NULL, 2)"
            })
    void aLiteralNullWithoutATypeIsAmbiguous(String expression) {
        Sql.Failure failure = SQL.failure("SELECT " + expression);
        assertTrue(failure.message().contains("Explicit type casts must be added"), failure.message());
        assertNull(SQL.expression("hll_cardinality(CAST(NULL AS varbinary))"));
    }

    /** There is no implicit cast between HLL and varbinary. */
    @Test
    void twoSketchesAreBothHllOrBothBytes() {
        for (String function : List.of("hll_union", "hll_unite", "hll_jaccard", "hll_intersection")) {
            Sql.Failure failure = SQL.failure("SELECT " + function + "(hll_create('a'), X'030C')");
            assertEquals("FUNCTION_NOT_FOUND", failure.code());
            assertTrue(failure.message().contains(function + "(varbinary, varbinary)"), failure.message());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 25, -1, 0, 1L << 33, Long.MIN_VALUE})
    void precisionOutOfRangeIsRejected(long precision) {
        for (String expression : List.of(
                "hll_create('a', %s)",
                "hll_create(7, %s)",
                "empty_hll(%s)",
                "hll_reduce(hll_create('a'), %s)",
                "hll_agg('a', %s)",
                "hll_agg(X'61', %s)",
                "hll_agg(1, %s)")) {
            Sql.Failure failure = SQL.failure("SELECT " + expression.formatted("BIGINT '" + precision + "'"));
            assertEquals("INVALID_FUNCTION_ARGUMENT", failure.code(), expression + ": " + failure.message());
            assertTrue(failure.message().contains(Long.toString(precision)), expression + ": " + failure.message());
        }
        assertNull(SQL.expression("try(hll_create('a', BIGINT '" + precision + "'))"));
        assertEquals(1L, SQL.expression("cardinality(hll_create('a', 12))"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hll_reduce(hll_create('a', 12), 13)",
                "hll_bounds(hll_create('a'), 0)",
                "hll_bounds(hll_create('a'), 4)",
                "hll_bounds(hll_create('a'), BIGINT '4294967297')",
                "hll_union(hll_create('a', 12), hll_create('a', 14))",
                "hll_union(ARRAY[hll_create('a', 12), hll_create('a', 14)])",
                "hll_intersection(hll_create('a', 12), hll_create('a', 14))",
                "hll_jaccard(hll_create('a', 12), hll_create('a', 14))",
                "hll_cardinality(X'FF')",
                "to_hll(X'FF')",
                "hll_precision(X'')",
                "hll_estimate(X'FF')",
                "hll_bounds(X'FF', 2)",
                "hll_reduce(X'FF', 10)",
                "hll_jaccard(X'030C', X'FF')",
                "hll_intersection(X'FF', X'030C')",
                "hll_union(X'030C', X'FF')",
                "hll_unite(X'FF', X'030C')",
                "hll_union(ARRAY[X'030C', X'FF'])"
            })
    void otherInvalidArgumentsAreRejected(String expression) {
        Sql.Failure failure = SQL.failure("SELECT " + expression);
        assertEquals("INVALID_FUNCTION_ARGUMENT", failure.code(), failure.message());
        assertTrue(failure.message().length() > 20, failure.message());
    }

    @Test
    void aFunctionOfConstantsIsFolded() {
        assertTrue(
                SQL.value("EXPLAIN SELECT hll_create('a', 12), cardinality(hll_create(clerk)) FROM tpch.tiny.orders")
                        .toString()
                        .contains("expr := HLL"),
                () -> SQL.value(
                                "EXPLAIN SELECT hll_create('a', 12), cardinality(hll_create(clerk)) FROM tpch.tiny.orders")
                        .toString());
    }
}
