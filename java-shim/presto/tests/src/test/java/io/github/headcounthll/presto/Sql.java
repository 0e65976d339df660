// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.Session;
import com.facebook.presto.testing.MaterializedResult;
import com.facebook.presto.testing.QueryRunner;
import java.util.ArrayList;
import java.util.List;

/** Queries to a PrestoDB in this process, and what became of them. */
final class Sql implements AutoCloseable {
    private final QueryRunner runner;

    Sql(QueryRunner runner) {
        this.runner = runner;
    }

    /** The rows of a query, each a list in which NULL is null. */
    List<List<Object>> rows(String sql) {
        return rows(runner.execute(sql));
    }

    List<List<Object>> rows(Session session, String sql) {
        return rows(runner.execute(session, sql));
    }

    Session session() {
        return runner.getDefaultSession();
    }

    QueryRunner runner() {
        return runner;
    }

    /** The single value of a query. */
    Object value(String sql) {
        List<List<Object>> rows = rows(sql);
        if (rows.size() != 1 || rows.get(0).size() != 1) {
            throw new AssertionError("not one value but " + rows + ": " + sql);
        }
        return rows.get(0).get(0);
    }

    /** What the person reads of a query that fails; one that does not is an error of the test. */
    String failure(String sql) {
        List<List<Object>> rows;
        try {
            rows = rows(sql);
        } catch (RuntimeException e) {
            return e.getMessage();
        }
        throw new AssertionError("expected a failure, and got " + rows + ": " + sql);
    }

    private static List<List<Object>> rows(MaterializedResult result) {
        List<List<Object>> rows = new ArrayList<>();
        result.forEach(row -> rows.add(row.getFields()));
        return rows;
    }

    @Override
    public void close() {
        runner.close();
    }
}
