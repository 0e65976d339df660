// SPDX-License-Identifier: Apache-2.0

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Asks Trino through its JDBC driver, as DBeaver and other programs of the JVM do, and prints what they would see.
 *
 * <pre>
 * java -cp trino-jdbc.jar Jdbc.java URL query SQL       a line a value: column, type, class, text; an empty line a row
 * java -cp trino-jdbc.jar Jdbc.java URL columns TABLE   a line a column of the table: name, type
 * java -cp trino-jdbc.jar Jdbc.java URL cancel SQL      starts the query, cancels it, and prints how it ended
 * </pre>
 *
 * Fields are separated by tabs.
 */
final class Jdbc {
    public static void main(String[] arguments) throws SQLException, InterruptedException {
        try (Connection connection = DriverManager.getConnection(arguments[0], "e2e", null)) {
            switch (arguments[1]) {
                case "query" -> query(connection, arguments[2]);
                case "columns" -> columns(connection, arguments[2]);
                case "cancel" -> cancel(connection, arguments[2]);
                default -> throw new IllegalArgumentException(arguments[1]);
            }
        }
    }

    private static void query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            ResultSetMetaData columns = rows.getMetaData();
            while (rows.next()) {
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    Object value = rows.getObject(i);
                    String type = value == null ? "null" : value.getClass().getSimpleName();
                    print(columns.getColumnLabel(i), columns.getColumnTypeName(i), type, text(value));
                }
                System.out.println();
            }
        }
    }

    /** A program shows bytes in hex, and anything else as it describes itself. */
    private static String text(Object value) {
        return value instanceof byte[] bytes ? java.util.HexFormat.of().formatHex(bytes) : String.valueOf(value);
    }

    private static void columns(Connection connection, String table) throws SQLException {
        try (ResultSet rows = connection.getMetaData().getColumns(
                connection.getCatalog(), connection.getSchema(), table, null)) {
            while (rows.next()) {
                print(rows.getString("COLUMN_NAME"), rows.getString("TYPE_NAME"));
            }
        }
    }

    private static void cancel(Connection connection, String sql) throws SQLException, InterruptedException {
        try (Statement statement = connection.createStatement()) {
            Thread stopping = Thread.ofVirtual().unstarted(() -> stop(statement, sql));
            stopping.start();
            try (ResultSet rows = statement.executeQuery(sql)) {
                long count = 0;
                while (rows.next()) {
                    count++;
                }
                print("ended with " + count + " rows");
            } catch (SQLException e) {
                print(e.getMessage());
            }
            stopping.interrupt();
            stopping.join();
        }
    }

    /**
     * Cancels the query once the server lists it, until the thread is interrupted. Trino keeps no record of a query that is
     * cancelled before the client has asked for its first results.
     */
    private static void stop(Statement statement, String sql) {
        try {
            while (!listed(statement.getConnection(), sql)) {
                Thread.sleep(100);
            }
            while (true) {
                statement.cancel();
                Thread.sleep(500);
            }
        } catch (InterruptedException e) {
            // the query has ended
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean listed(Connection connection, String sql) throws SQLException {
        String count = "SELECT count(*) FROM system.runtime.queries WHERE query = '" + sql.replace("'", "''") + "'";
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(count)) {
            return rows.next() && rows.getLong(1) > 0;
        }
    }

    private static void print(String... fields) {
        System.out.println(String.join("\t", fields));
    }
}
