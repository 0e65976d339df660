// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.Session;
import com.facebook.presto.execution.QueryInfo;
import com.facebook.presto.testing.MaterializedResult;
import com.facebook.presto.testing.QueryRunner;
import com.facebook.presto.tests.DistributedQueryRunner;
import com.facebook.presto.tests.ResultWithQueryId;
import java.util.ArrayList;
import java.util.List;

/** Queries to a PrestoDB in this process, and what became of them. */
final class Sql implements AutoCloseable {
    private static final int ATTEMPTS = 600;
    private static final int PAUSE_MILLIS = 100;

    private final QueryRunner runner;

    Sql(QueryRunner runner) {
        this.runner = runner;
    }

    /** The rows of a query, and its statistics. */
    static final class Answer {
        private final List<List<Object>> rows;
        private final QueryInfo info;

        private Answer(List<List<Object>> rows, QueryInfo info) {
            this.rows = rows;
            this.info = info;
        }

        List<List<Object>> rows() {
            return rows;
        }

        QueryInfo info() {
            return info;
        }
    }

    /** The rows of a query, each a list in which NULL is null. */
    List<List<Object>> rows(String sql) {
        return rows(runner.execute(sql));
    }

    List<List<Object>> rows(Session session, String sql) {
        return rows(runner.execute(session, sql));
    }

    /** A query on a server with workers, and what PrestoDB knows of it once it has ended. */
    Answer answer(Session session, String sql) throws InterruptedException {
        DistributedQueryRunner server = (DistributedQueryRunner) runner;
        ResultWithQueryId<MaterializedResult> result = server.executeWithQueryId(session, sql);
        QueryInfo info = server.getQueryInfo(result.getQueryId());
        for (int i = 0; !info.isFinalQueryInfo(); i++) {
            if (i == ATTEMPTS) {
                throw new AssertionError("the query has no final statistics: " + sql);
            }
            Thread.sleep(PAUSE_MILLIS);
            info = server.getQueryInfo(result.getQueryId());
        }
        return new Answer(rows(result.getResult()), info);
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
