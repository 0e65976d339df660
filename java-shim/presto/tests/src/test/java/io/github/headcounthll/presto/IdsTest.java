// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of docs/ids.md: an id of every type gives the sketch of its text. */
class IdsTest {
    private static final Sql SQL = Engines.withPlugin();
    private static final Pattern ROW =
            Pattern.compile("^\\| (.+) \\| `(.+)` \\| `.+` \\| `.+` \\| `.+` \\| `(.+)` \\|$", Pattern.MULTILINE);

    /** A row of the table. */
    record Id(String type, String value, String text) {}

    static List<Id> table() throws IOException {
        List<Id> rows = ROW.matcher(Files.readString(Engines.ROOT.resolve("docs/ids.md")))
                .results()
                .map(cells -> new Id(cells.group(1), cells.group(2), cells.group(3)))
                .collect(Collectors.toList());
        assertEquals(13, rows.size());
        return rows;
    }

    @ParameterizedTest
    @MethodSource("table")
    void anIdIsHashedAsItsText(Id id) {
        for (String precision : List.of("", ", 14")) {
            Object expected =
                    SQL.value("SELECT to_hex(cast(hll_create('" + id.text() + "'" + precision + ") AS varbinary))");
            for (String function : List.of("hll_agg", "hll_create")) {
                boolean isShort = id.type().contains("up to 18 digits") && function.equals("hll_agg");
                String argument = isShort ? "CAST(id AS bigint)" : "id";
                String sketch = "SELECT to_hex(cast(" + function + "(" + argument + precision
                        + ") AS varbinary)) FROM (VALUES (" + id.value() + "), (NULL)) t (id) WHERE id IS NOT NULL";
                assertEquals(expected, SQL.value(sketch), sketch);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"DOUBLE '42'", "REAL '42'", "4.2", "CAST(4.2 AS decimal(30, 1))"})
    void aNumberWithAFractionIsAnErrorThatSaysWhatToCastTo(String value) {
        for (String function : List.of("hll_agg", "hll_create")) {
            String failure = SQL.failure("SELECT " + function + "(id) FROM (VALUES (" + value + ")) t (id)");
            assertTrue(failure.contains(function + "(CAST(id AS bigint))"), failure);
        }
    }
}
