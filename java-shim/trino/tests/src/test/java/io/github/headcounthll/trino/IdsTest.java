// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of docs/ids.md: an id of every type gives the sketch of its text. */
class IdsTest {
    private static final Sql SQL = Servers.shared();
    private static final Pattern ROW =
            Pattern.compile("^\\| (.+) \\| `(.+)` \\| `(.+)` \\| `(.+)` \\|$", Pattern.MULTILINE);

    /** A row of the table. */
    record Id(String type, String value, String argument, String text) {
        boolean isOf(String function) {
            return !type.contains("in `") || type.endsWith("in `" + function + "`");
        }
    }

    static List<Id> table() throws IOException {
        List<Id> rows = ROW.matcher(Files.readString(Servers.ROOT.resolve("docs/ids.md")))
                .results()
                .map(IdsTest::row)
                .toList();
        assertEquals(13, rows.size());
        return rows;
    }

    private static Id row(MatchResult cells) {
        return new Id(cells.group(1), cells.group(2), cells.group(3), cells.group(4));
    }

    @ParameterizedTest
    @MethodSource("table")
    void anIdIsHashedAsItsText(Id id) {
        Object expected = SQL.expression("to_hex(cast(hll_create('" + id.text() + "') AS varbinary))");
        for (String function : List.of("hll_agg", "hll_create")) {
            if (id.isOf(function)) {
                String sketch = "SELECT to_hex(cast(" + function + "(" + id.argument()
                        + ") AS varbinary)) FROM (VALUES (" + id.value() + ")) t (id)";
                assertEquals(expected, SQL.value(sketch), sketch);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"DOUBLE '42'", "REAL '42'", "DATE '2016-09-05'", "true"})
    void aTypeThatIsNoIdIsAnError(String value) {
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
