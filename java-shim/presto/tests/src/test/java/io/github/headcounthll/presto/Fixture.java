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
import java.util.stream.Collectors;

/** The tables of e2e/testdata. */
final class Fixture {
    private static final List<Tables.Column> COLUMNS = List.of(
            column("activitydate", DateType.DATE),
            column("normalizedchannel", VarcharType.VARCHAR),
            column("country", VarcharType.VARCHAR),
            column("version", VarcharType.VARCHAR),
            column("os", VarcharType.VARCHAR),
            column("e10senabled", BooleanType.BOOLEAN),
            column("e10scohort", VarcharType.VARCHAR),
            column("hll", VarbinaryType.VARBINARY));

    private Fixture() {}

    private static Tables.Column column(String name, Type type) {
        return new Tables.Column(name, type);
    }

    /** Reads a Parquet file of sketches into the table of its name. */
    static void load(Tables tables, String name) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement();
                ResultSet read = statement.executeQuery(
                        // The days since 1970, which is how PrestoDB keeps a date.
                        "SELECT cast(activitydate - DATE '1970-01-01' AS bigint), normalizedchannel, country, version, os,"
                                + " e10senabled, e10scohort, hex(hll) FROM '"
                                + Engines.ROOT.resolve("e2e/testdata/" + name + ".parquet") + "'")) {
            while (read.next()) {
                List<Object> row = new ArrayList<>();
                for (int i = 1; i <= COLUMNS.size(); i++) {
                    Object value = read.getObject(i);
                    row.add(i == COLUMNS.size() ? java.util.HexFormat.of().parseHex((String) value) : value);
                }
                rows.add(row);
            }
        }
        tables.put(name, COLUMNS, rows);
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
        return Files.readString(Engines.ROOT.resolve("sql/" + name))
                .replaceAll("(?m)^--.*$", "")
                .replace(";", "")
                .strip();
    }
}
