// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is registered is what the function table says (udf/functions.go, written out by the build), no more and no less. */
class FunctionTableTest {
    private static final Sql SQL = Servers.shared();

    /** The functions as Trino lists them: name, result, arguments, kind, deterministic, description. */
    private static List<List<Object>> registered;

    @BeforeAll
    static void list() {
        registered = SQL.rows("SHOW FUNCTIONS").stream()
                .filter(row -> row.get(0).toString().matches(".*hll.*|aggregate_histograms|histogram_.*")
                        || (row.get(1) + ", " + row.get(2)).matches(".*\\bhll\\b.*"))
                .toList();
    }

    /** One line of the table. */
    record Entry(
            String name, String role, List<String> arguments, String result, String doc, String example, String shows) {
        String signature() {
            return asListed("%s(%s) %s %s".formatted(name, String.join(", ", arguments), result, role));
        }

        @Override
        public String toString() {
            return signature();
        }
    }

    static List<Entry> table() throws IOException {
        Path file = Servers.ROOT.resolve("build/functions.json");
        assertTrue(Files.isRegularFile(file), file + " is not there: run `make build/functions.json` first");
        List<Entry> entries = new ArrayList<>();
        for (JsonNode node : new ObjectMapper().readTree(file.toFile())) {
            List<String> arguments = new ArrayList<>();
            node.get("arguments").forEach(argument -> arguments.add(argument.asText()));
            entries.add(new Entry(
                    node.get("name").asText(),
                    node.get("role").asText(),
                    arguments,
                    node.get("result").asText(),
                    node.get("doc").asText(),
                    node.get("example").asText(),
                    node.get("shows").asText()));
        }
        return entries;
    }

    private static Stream<Entry> listedByTrino() throws IOException {
        return table().stream().filter(entry -> !entry.role().equals("cast"));
    }

    @Test
    void registrationEqualsTheTable() throws IOException {
        assertEquals(
                listedByTrino().map(Entry::signature).sorted().toList(),
                registered.stream()
                        .map(row -> asListed("%s(%s) %s %s".formatted(row.get(0), row.get(2), row.get(1), row.get(3))))
                        .sorted()
                        .toList());
    }

    @Test
    void descriptionsAreTheTables() throws IOException {
        Set<String> documented =
                listedByTrino().map(entry -> entry.name() + ": " + entry.doc()).collect(Collectors.toSet());
        for (List<Object> row : registered) {
            assertTrue(documented.contains(row.get(0) + ": " + row.get(5)), row.toString());
        }
    }

    @Test
    void everythingIsDeterministic() {
        registered.forEach(row -> assertEquals(true, row.get(4), row.toString()));
    }

    @ParameterizedTest
    @MethodSource("table")
    void theExampleShowsWhatTheTableSays(Entry entry) {
        assertEquals(entry.shows(), String.valueOf(SQL.value(entry.example())));
    }

    /** SHOW FUNCTIONS writes types in lower case, quotes the names of fields, and names a length. */
    private static String asListed(String signature) {
        return signature
                .toLowerCase(Locale.ROOT)
                .replace("\"", "")
                .replace(", ", ",")
                .replace("varchar(x)", "varchar");
    }
}
