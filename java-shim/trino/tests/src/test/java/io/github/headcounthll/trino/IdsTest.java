// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of docs/ids.md: an id of every type gives the sketch of its text. */
class IdsTest {
    private static final Sql SQL = Servers.shared();
    private static final Pattern ROW =
            Pattern.compile("^\\| (.+) \\| `(.+)` \\| `.+` \\| `.+` \\| `.+` \\| `(.+)` \\|$", Pattern.MULTILINE);

    /** A row of the table. */
    record Id(String type, String value, String text) {}

    static List<Id> table() throws IOException {
        List<Id> rows = ROW.matcher(Files.readString(Servers.ROOT.resolve("docs/ids.md")))
                .results()
                .map(cells -> new Id(cells.group(1), cells.group(2), cells.group(3)))
                .toList();
        assertEquals(13, rows.size());
        return rows;
    }

    @ParameterizedTest
    @MethodSource("table")
    void anIdIsHashedAsItsText(Id id) {
        for (String precision : List.of("", ", 14")) {
            Object expected =
                    SQL.expression("to_hex(cast(hll_create('" + id.text() + "'" + precision + ") AS varbinary))");
            for (String function : List.of("hll_agg", "hll_create")) {
                String sketch = "SELECT to_hex(cast(" + function + "(id" + precision + ") AS varbinary)) FROM (VALUES ("
                        + id.value() + "), (NULL)) t (id) WHERE id IS NOT NULL";
                assertEquals(expected, SQL.value(sketch), sketch);
            }
        }
    }

    /** Rows of many groups, of one group, and of a window whose frame moves. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CAST(x AS tinyint)",
                "CAST(x AS smallint)",
                "CAST(x AS integer)",
                "CAST(x AS decimal(3, 0))",
                "CAST(x AS decimal(38, 0))",
                "CAST(CAST(x AS varchar) AS char(5))",
                "CAST(date_add('day', x, DATE '1969-12-01') AS date)",
                "CAST(CAST('c0ffee00-0000-4000-8000-0000000000' || lpad(to_base(x, 16), 2, '0') AS varchar) AS uuid)"
            })
    void idsOfAColumnAreThoseOfTheirTexts(String id) {
        String ids = "(SELECT x % 20 AS k, x, " + id + " AS id FROM UNNEST(sequence(0, 120)) AS t (x))";
        String texts = "(SELECT k, x, CAST(id AS varchar) AS id FROM " + ids + ")";
        if (id.contains("char(5)")) {
            texts = "(SELECT k, x, rtrim(id) AS id FROM " + texts + ")";
        }
        for (String query : List.of(
                "SELECT to_hex(cast(hll_agg(id) AS varbinary)) FROM %s",
                "SELECT to_hex(cast(hll_agg(id) AS varbinary)) FROM %s GROUP BY k ORDER BY k",
                "SELECT to_hex(cast(merge(hll_create(id)) AS varbinary)) FROM %s GROUP BY k ORDER BY k",
                "SELECT to_hex(cast(hll_agg(id) OVER (ORDER BY x ROWS 2 PRECEDING) AS varbinary)) FROM %s ORDER BY x")) {
            assertEquals(SQL.rows(query.formatted(texts)), SQL.rows(query.formatted(ids)), query);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"DOUBLE '42'", "REAL '42'", "4.2", "CAST(4.2 AS decimal(30, 1))"})
    void aNumberWithAFractionIsAnErrorThatSaysWhatToCastTo(String value) {
        for (String function : List.of("hll_agg", "hll_create")) {
            for (String precision : List.of("", ", 14")) {
                Sql.Failure failure = SQL.failure(
                        "SELECT " + function + "(id" + precision + ") FROM (VALUES (" + value + ")) t (id)");
                assertEquals("INVALID_FUNCTION_ARGUMENT", failure.code());
                assertTrue(failure.message().contains(function + "(CAST(id AS bigint))"), failure.message());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TIMESTAMP '2016-09-05 00:00:00'", "true"})
    void anyOtherTypeNeedsACast(String value) {
        for (String function : List.of("hll_agg", "hll_create")) {
            Sql.Failure failure = SQL.failure("SELECT " + function + "(id) FROM (VALUES (" + value + ")) t (id)");
            assertEquals("FUNCTION_NOT_FOUND", failure.code());
            assertTrue(failure.message().contains("Unexpected parameters"), failure.message());
        }
    }

    @Test
    void trailingSpacesOfVarcharCount() {
        assertEquals(
                2L, SQL.value("SELECT hll_cardinality(hll_agg(id)) FROM (VALUES ('c0ffee'), ('c0ffee  ')) t (id)"));
    }
}
