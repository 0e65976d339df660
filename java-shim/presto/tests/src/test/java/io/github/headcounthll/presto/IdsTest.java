// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of docs/ids.md: an id of every type gives the sketch of its text. */
class IdsTest {
    private static final Sql SQL = Engines.withPlugin();
    private static final Pattern ROW =
            Pattern.compile("^\\| (.+) \\| `(.+)` \\| `(.+)` \\| `(.+)` \\|$", Pattern.MULTILINE);

    /** A row of the table. */
    record Id(String type, String value, String argument, String text) {
        boolean isOf(String function) {
            return !type.contains("in `") || type.endsWith("in `" + function + "`");
        }
    }

    static List<Id> table() throws IOException {
        List<Id> rows = ROW.matcher(Files.readString(Engines.ROOT.resolve("docs/ids.md")))
                .results()
                .map(cells -> new Id(cells.group(1), cells.group(2), cells.group(3), cells.group(4)))
                .collect(Collectors.toList());
        assertEquals(13, rows.size());
        return rows;
    }

    @ParameterizedTest
    @MethodSource("table")
    void anIdIsHashedAsItsText(Id id) {
        Object expected = SQL.value("SELECT to_hex(cast(hll_create('" + id.text() + "') AS varbinary))");
        for (String function : List.of("hll_agg", "hll_create")) {
            if (id.isOf(function)) {
                String sketch = "SELECT to_hex(cast(" + function + "(" + id.argument()
                        + ") AS varbinary)) FROM (VALUES (" + id.value() + ")) t (id)";
                assertEquals(expected, SQL.value(sketch), sketch);
            }
        }
    }
}
