// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.common.type.BooleanType;
import com.facebook.presto.common.type.DateType;
import com.facebook.presto.common.type.Type;
import com.facebook.presto.common.type.VarbinaryType;
import com.facebook.presto.common.type.VarcharType;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** The tables of e2e/testdata. */
final class Fixture {
    private static final List<Tables.Column> DIMENSIONS = List.of(
            column("normalizedchannel", VarcharType.VARCHAR),
            column("country", VarcharType.VARCHAR),
            column("version", VarcharType.VARCHAR),
            column("os", VarcharType.VARCHAR),
            column("e10senabled", BooleanType.BOOLEAN),
            column("e10scohort", VarcharType.VARCHAR));
    private static final Tables.Column DAY = column("activitydate", DateType.DATE);
    private static final Tables.Column CLIENT = column("client_id", VarcharType.VARCHAR);
    private static final Tables.Column SKETCH = column("hll", VarbinaryType.VARBINARY);

    private Fixture() {}

    private static Tables.Column column(String name, Type type) {
        return new Tables.Column(name, type);
    }

    private static List<Tables.Column> columns(Tables.Column... others) {
        List<Tables.Column> all = new ArrayList<>(DIMENSIONS);
        all.addAll(List.of(others));
        return all;
    }

    /** Reads a Parquet file of sketches into the table of its name. */
    static void load(Tables tables, String name) throws SQLException {
        tables.put(name, columns(DAY, SKETCH), read(columns(DAY, SKETCH), name, "true"));
    }

    /** Puts the clients of some days, a condition in DuckDB's SQL, into a table. */
    static void loadActivity(Tables tables, String name, String days) throws SQLException {
        tables.put(name, columns(DAY, CLIENT), read(columns(DAY, CLIENT), "client_activity", days));
    }

    /** Makes an empty client_count of this name. */
    static void empty(Tables tables, String name) {
        tables.put(name, columns(DAY, SKETCH), List.of());
    }

    private static List<List<Object>> read(List<Tables.Column> columns, String name, String condition)
            throws SQLException {
        String selected = columns.stream()
                .map(column -> column == DAY
                        // The days since 1970, which is how PrestoDB keeps a date.
                        ? "cast(activitydate - DATE '1970-01-01' AS bigint)"
                        : column == SKETCH ? "hex(hll)" : column.name())
                .collect(Collectors.joining(", "));
        return duckdb(
                "SELECT " + selected + " FROM '" + Engines.ROOT.resolve("e2e/testdata/" + name + ".parquet")
                        + "' WHERE " + condition,
                (i, value) ->
                        columns.get(i) == SKETCH ? java.util.HexFormat.of().parseHex((String) value) : value);
    }

    /** The rows of a query of DuckDB, each value changed by a function of its column and itself. */
    static List<List<Object>> duckdb(String query, BiFunction<Integer, Object, Object> change) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement();
                ResultSet read = statement.executeQuery(query)) {
            int columns = read.getMetaData().getColumnCount();
            while (read.next()) {
                List<Object> row = new ArrayList<>();
                for (int i = 0; i < columns; i++) {
                    row.add(change.apply(i, read.getObject(i + 1)));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    /** A file of expected results without its header; NULL is an empty field. */
    static List<List<String>> expected(String name) throws IOException {
        return Files.readAllLines(Engines.ROOT.resolve("e2e/testdata/" + name)).stream()
                .skip(1)
                .map(line -> Arrays.asList(line.split(",", -1)))
                .collect(Collectors.toList());
    }

    /** A query of the sql folder. */
    static String query(String name) throws IOException {
        List<String> statements = statements(name);
        if (statements.size() != 1) {
            throw new AssertionError(name + " has " + statements.size() + " statements");
        }
        return statements.get(0);
    }

    /** The statements of a file of the sql folder. */
    static List<String> statements(String name) throws IOException {
        String text = Files.readString(Engines.ROOT.resolve("sql/" + name)).replaceAll("(?m)^ *--.*$", "");
        return Arrays.stream(text.split(";"))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .collect(Collectors.toList());
    }
}
