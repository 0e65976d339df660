// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trino.Session;
import io.trino.execution.QueryInfo;
import io.trino.spi.QueryId;
import io.trino.testing.MaterializedResult;
import io.trino.testing.QueryFailedException;
import io.trino.testing.QueryRunner;
import java.util.ArrayList;
import java.util.List;

/** Queries to a server, and what became of them. */
final class Sql implements AutoCloseable {
    private final QueryRunner runner;

    Sql(QueryRunner runner) {
        this.runner = runner;
    }

    /** A query that was rejected: Trino's name of the error, and the message that the user reads. */
    record Failure(String code, String message) {}

    /** A query that ended well, with what Trino knows of it. */
    record Answer(List<List<Object>> rows, QueryInfo info) {}

    QueryRunner runner() {
        return runner;
    }

    /** The rows of a query, each a list in which NULL is null. */
    List<List<Object>> rows(String sql) {
        return rows(runner.execute(sql));
    }

    /**
     * Requires that 1,500,000 groups, one for each order, come back whole: each is of one customer.
     *
     * @param sketch an aggregation over custkey
     */
    Answer requireAMillionGroups(String sketch) {
        // The expression keeps Trino from using that orders are split by orderkey.
        Answer answer =
                answer("SELECT count(*), sum(cardinality(h)), cardinality(merge(h)) FROM (SELECT orderkey + 1 AS k, "
                        + sketch + " AS h FROM tpch.sf1.orders GROUP BY 1)");
        Object customers = value("SELECT cardinality(hll_agg(custkey)) FROM tpch.sf1.orders");
        assertEquals(List.of(List.of(1_500_000L, 1_500_000L, customers)), answer.rows());
        return answer;
    }

    /** The single value of a query. */
    Object value(String sql) {
        List<List<Object>> rows = rows(sql);
        if (rows.size() != 1 || rows.getFirst().size() != 1) {
            throw new AssertionError("not one value but " + rows + ": " + sql);
        }
        return rows.getFirst().getFirst();
    }

    /** The value of an expression. */
    Object expression(String expression) {
        return value("SELECT " + expression);
    }

    void run(String sql) {
        runner.execute(sql);
    }

    Answer answer(Session session, String sql) {
        QueryRunner.MaterializedResultWithPlan result = runner.executeWithPlan(session, sql);
        return new Answer(rows(result.result()), info(result.queryId()));
    }

    Answer answer(String sql) {
        return answer(runner.getDefaultSession(), sql);
    }

    /** How a query fails; one that does not is an error of the test. */
    Failure failure(String sql) {
        List<List<Object>> rows;
        try {
            rows = rows(sql);
        } catch (QueryFailedException e) {
            // The dispatch manager also knows the queries that were rejected before they ran.
            return new Failure(
                    runner.getCoordinator()
                            .getDispatchManager()
                            .getQueryInfo(e.getQueryId())
                            .getErrorCode()
                            .getName(),
                    e.getMessage());
        }
        throw new AssertionError("expected a failure, and got " + rows + ": " + sql);
    }

    private QueryInfo info(QueryId query) {
        return runner.getCoordinator().getQueryManager().getFullQueryInfo(query);
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
