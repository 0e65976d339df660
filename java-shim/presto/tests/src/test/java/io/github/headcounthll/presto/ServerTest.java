// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The folder of `make presto-plugin` in the plugin directory of a PrestoDB server, asked by JDBC as DBeaver asks. */
class ServerTest {
    private static final String COUNT = "SELECT cardinality(merge(hll_create(CAST(x AS varchar)))) AS clients,"
            + " CAST(merge(hll_create('a')) AS varbinary) AS bytes, merge(hll_create('a')) AS sketch,"
            + " hll_bounds(empty_hll(), 2) AS bounds, CAST(NULL AS HLL) AS nothing FROM UNNEST(sequence(1, 3)) AS t (x)";

    private static String version() throws IOException {
        return Files.readString(Engines.ROOT.resolve("VERSION")).trim();
    }

    @Test
    void theFolderIsAllThatAServerNeeds() throws Exception {
        try (PrestoServer server = new PrestoServer().start();
                Connection client = server.connect()) {
            assertTrue(
                    server.log()
                            .contains("Headcount " + version() + ": backend native, library "
                                    + server.plugin().libraries()),
                    server.log());
            assertCounts(client);
            SQLException thrown = assertThrows(SQLException.class, () -> ask(client, "SELECT cast(X'090C' AS HLL)"));
            assertTrue(thrown.getMessage().contains("hll: byte 0: "), thrown.getMessage());
        }
    }

    @Test
    void aFileNamesTheFunctionServer() throws Exception {
        PrestoServer unconfigured = new PrestoServer();
        Files.write(unconfigured.configuration(), FunctionServer.properties(FunctionServer.shared()));
        try (PrestoServer server = unconfigured.start();
                Connection client = server.connect()) {
            assertTrue(server.log().contains("backend sidecar"), server.log());
            assertCounts(client);
        }
    }

    @Test
    void aServerThatLacksALibraryEndsWithOneLineThatSaysSo() throws Exception {
        PrestoServer unfinished = new PrestoServer();
        Path library = unfinished.plugin().libraries().resolve("libheadcount.so");
        Files.delete(library);
        try (PrestoServer server = unfinished.start()) {
            assertNotEquals(0, server.exitStatus());
            List<String> errors = server.log()
                    .lines()
                    .filter(line -> line.contains("\tERROR\t"))
                    .collect(Collectors.toList());
            assertEquals(1, errors.size(), server.log());
            assertTrue(errors.get(0).contains(library + ": found nothing; expected libheadcount.so"), errors.get(0));
        }
    }

    private static void assertCounts(Connection client) throws SQLException {
        try (Statement statement = client.createStatement();
                ResultSet row = statement.executeQuery(COUNT)) {
            assertTrue(row.next());
            assertEquals(3, row.getLong("clients"));
            assertArrayEquals(HexFormat.of().parseHex("030cc50202"), row.getBytes("bytes"));
            assertEquals("HLL", row.getMetaData().getColumnTypeName(3));
            assertArrayEquals(HexFormat.of().parseHex("030cc50202"), row.getBytes("sketch"));
            assertEquals("{lower=0.0, upper=0.0}", row.getString("bounds"));
            assertEquals(null, row.getString("nothing"));
        }
    }

    private static void ask(Connection client, String query) throws SQLException {
        try (Statement statement = client.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                rows.getString(1);
            }
        }
    }
}
