// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What PrestoDB lists is what the function table says (udf/functions.go, written out by the build), no more and no less. */
class FunctionTableTest {
    private static final Sql SQL = Engines.withPlugin();

    /** One line of the table. */
    record Entry(String signature, String role, String doc, String example, String shows) {
        @Override
        public String toString() {
            return signature;
        }
    }

    static List<Entry> table() throws IOException {
        Path file = Engines.ROOT.resolve("build/functions.json");
        assertTrue(Files.isRegularFile(file), file + " is not there: run `make build/functions.json` first");
        List<Entry> entries = new ArrayList<>();
        for (JsonNode node : new ObjectMapper().readTree(file.toFile())) {
            List<String> arguments = new ArrayList<>();
            node.get("arguments").forEach(argument -> arguments.add(argument.asText()));
            String role = node.get("role").asText();
            entries.add(new Entry(
                    signature(
                            node.get("name").asText(),
                            String.join(", ", arguments),
                            node.get("result").asText(),
                            role),
                    role,
                    node.get("doc").asText(),
                    node.get("example").asText(),
                    node.get("shows").asText()));
        }
        return entries;
    }

    /** SHOW FUNCTIONS writes names of types and fields in its own way. */
    private static String signature(String name, String arguments, String result, String role) {
        return (name + "(" + arguments + ") " + result + " " + role)
                .toLowerCase(Locale.ROOT)
                .replace("\"", "")
                .replace(", ", ",")
                .replace("varchar(x)", "varchar");
    }

    private static Stream<Entry> listed() throws IOException {
        return table().stream().filter(entry -> !entry.role().equals("cast"));
    }

    private static List<List<Object>> registered() {
        return SQL.rows("SHOW FUNCTIONS").stream()
                .filter(row -> row.get(0).toString().matches("hll_.*|empty_hll|aggregate_histograms|histogram_.*")
                        || (row.get(1) + ", " + row.get(2))
                                .toLowerCase(Locale.ROOT)
                                .matches(".*\\bhll\\b.*"))
                .collect(Collectors.toList());
    }

    @Test
    void registrationEqualsTheTable() throws IOException {
        assertEquals(
                listed().map(Entry::signature).sorted().collect(Collectors.toList()),
                registered().stream()
                        .map(row -> signature(
                                row.get(0).toString(),
                                row.get(2).toString(),
                                row.get(1).toString(),
                                row.get(3).toString()))
                        .sorted()
                        .collect(Collectors.toList()));
    }

    @Test
    void descriptionsAreTheTables() throws IOException {
        List<String> documented = listed().map(Entry::doc).collect(Collectors.toList());
        registered().forEach(row -> assertTrue(documented.contains(row.get(5).toString()), row.toString()));
    }

    @ParameterizedTest
    @MethodSource("table")
    void theExampleShowsWhatTheTableSays(Entry entry) {
        assertEquals(entry.shows(), String.valueOf(SQL.value(entry.example())));
    }
}
