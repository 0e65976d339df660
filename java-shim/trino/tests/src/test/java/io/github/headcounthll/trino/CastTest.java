// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cast of a column, whose rows are checked ahead: each row has its own bytes, NULL or error. */
class CastTest {
    private static final Sql SQL = Servers.shared();
    private static final int ROWS = 9_000;
    /** Every 30th row is NULL and every 900th is no sketch. */
    private static final long NULLS = ROWS / 30;

    private static final long INVALID = ROWS / 900;
    private static final long VALID = ROWS - NULLS - INVALID;

    /** Three in four rows have one id, the others 1 to 3,000: sparse and dense. */
    @BeforeAll
    static void makeTable() {
        SQL.run("CREATE TABLE castable AS SELECT x, x % 900 = 77 AS invalid, if(x % 900 = 77, X'030C01',"
                + " if(x % 30 = 5, NULL, b)) AS b FROM (SELECT x, if(x % 4 = 0, s.b,"
                + " cast(hll_create(x) AS varbinary)) AS b FROM UNNEST(sequence(0, " + (ROWS - 1) + ")) t (x)"
                + " JOIN (SELECT g, cast(hll_agg(i) AS varbinary) AS b FROM UNNEST(sequence(0, 99)) u (g)"
                + " CROSS JOIN UNNEST(sequence(1, 3000)) v (i) WHERE i <= g * 30 + 1 GROUP BY g) s ON s.g = x % 100)");
    }

    @AfterAll
    static void dropTable() {
        SQL.run("DROP TABLE castable");
    }

    @Test
    void eachRowKeepsItsBytes() {
        assertEquals(
                List.of(List.of((long) ROWS - INVALID, VALID, VALID)),
                SQL.rows("SELECT count(*), count(h), count_if(cast(h AS varbinary) = b)"
                        + " FROM (SELECT b, cast(b AS HLL) AS h FROM castable WHERE NOT invalid)"));
    }

    @Test
    void anInvalidRowFailsAQueryThatRequestsIt() {
        for (String query : List.of(
                "SELECT count(cast(b AS HLL)) FROM castable",
                "SELECT merge(cast(b AS HLL)) FROM castable",
                "SELECT x % 7, merge(cast(b AS HLL)) FROM castable GROUP BY 1",
                "SELECT count(cast(b AS HLL)) FROM castable WHERE x = 977",
                "SELECT count(if(x > 900, cast(b AS HLL))) FROM castable")) {
            Sql.Failure failure = SQL.failure(query);
            assertEquals("INVALID_CAST_ARGUMENT", failure.code(), query + ": " + failure.message());
            assertTrue(failure.message().contains("inside an entry"), failure.message());
        }
    }

    /** Each leaves the invalid rows out, among rows that are requested. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT count(cast(b AS HLL)) FROM castable WHERE NOT invalid",
                "SELECT count(if(NOT invalid, cast(b AS HLL))) FROM castable",
                "SELECT count(CASE WHEN invalid THEN NULL ELSE cast(b AS HLL) END) FROM castable",
                "SELECT count(try_cast(b AS HLL)) FROM castable",
                "SELECT count(try(cast(b AS HLL))) FROM castable",
                "SELECT count(coalesce(if(invalid, NULL, cast(b AS HLL)), NULL)) FROM castable",
                "SELECT count(cast(b AS HLL)) FILTER (WHERE NOT invalid) FROM (SELECT * FROM castable WHERE NOT invalid)",
                "SELECT sum(c) FROM (SELECT x % 11, count(cast(b AS HLL)) AS c FROM castable WHERE NOT invalid GROUP BY 1)"
            })
    void anInvalidRowThatIsNotRequestedIsNoError(String query) {
        assertEquals(VALID, SQL.value(query));
    }

    @Test
    void fewRowsOfAColumnAreTheRightOnes() {
        for (int each : new int[] {2, 7, 450, 4_000}) {
            assertEquals(
                    SQL.value("SELECT count(b) FROM castable WHERE NOT invalid AND x % " + each + " = 3"),
                    SQL.value("SELECT count_if(cast(cast(b AS HLL) AS varbinary) = b) FROM castable"
                            + " WHERE NOT invalid AND x % " + each + " = 3"));
        }
    }

    /** Two columns row by row, and a third function over one of them. */
    @Test
    void severalCastsInOneExpression() {
        assertEquals(
                List.of(List.of(VALID, VALID)),
                SQL.rows("SELECT count(cardinality(hll_union(cast(b AS HLL), cast(c AS HLL)))),"
                        + " count_if(cardinality(hll_union(cast(b AS HLL), cast(c AS HLL))) = hll_cardinality(b))"
                        + " FROM (SELECT b, reverse(reverse(b)) AS c FROM castable WHERE NOT invalid)"));
    }

    /** The rows of a join are those of a dictionary, and the value of a single row is repeated. */
    @Test
    void dictionariesAndRepeatedValuesAreCast() {
        String join = " FROM UNNEST(sequence(0, 9999)) t (i) JOIN castable ON x = i % 500";
        Sql.Failure failure = SQL.failure("SELECT count(cast(b AS HLL))" + join);
        assertEquals("INVALID_CAST_ARGUMENT", failure.code());
        assertEquals(
                SQL.value("SELECT count(b)" + join + " WHERE NOT invalid"),
                SQL.value("SELECT count_if(cast(cast(b AS HLL) AS varbinary) = b)" + join + " WHERE NOT invalid"));
        String repeated = " FROM castable CROSS JOIN (SELECT %s AS one)";
        assertEquals(
                (long) ROWS,
                SQL.value("SELECT count(cast(one AS HLL))" + repeated.formatted("X'030C010005'")
                        + " WHERE one IS NOT NULL"));
        assertEquals(
                "INVALID_CAST_ARGUMENT",
                SQL.failure("SELECT count(cast(one AS HLL))" + repeated.formatted("if(random() < 2, X'030C01')"))
                        .code());
    }

    /** Grouped with and without a cast, which have to agree; pages go through exchanges. */
    @Test
    void aMergeOfCastRowsIsThatOfTheirBytes() {
        assertEquals(
                SQL.rows("SELECT x % 300 AS g, hll_cardinality(hll_merge(b)) FROM castable WHERE NOT invalid"
                        + " GROUP BY 1 ORDER BY 1"),
                SQL.rows("SELECT x % 300 AS g, cardinality(merge(cast(b AS HLL))) FROM castable WHERE NOT invalid"
                        + " GROUP BY 1 ORDER BY 1"));
        assertEquals(
                SQL.rows("SELECT x, to_hex(b) FROM castable WHERE NOT invalid ORDER BY 1"),
                SQL.rows("SELECT x, to_hex(cast(h AS varbinary)) FROM (SELECT x, cast(b AS HLL) AS h FROM castable"
                        + " WHERE NOT invalid) ORDER BY 1"));
    }
}
