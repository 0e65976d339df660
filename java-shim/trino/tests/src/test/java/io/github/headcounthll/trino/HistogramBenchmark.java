// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * aggregate_histograms compared with SQL over arrays and with Trino's own sum: a million arrays of 100 buckets, sum and
 * count, in 1,000 groups. The sums of columns read the same numbers from 102 columns of bigint.
 */
final class HistogramBenchmark {
    private static final int GROUPS = 1_000;
    private static final int ARRAYS = 1_000_000;
    private static final int LENGTH = 102;

    private HistogramBenchmark() {}

    static void run(PrintStream out, Sql sql) {
        String rows = " FROM UNNEST(sequence(0, 999)) a (i) CROSS JOIN UNNEST(sequence(0, 999)) b (j)";
        sql.run("CREATE TABLE arrays AS SELECT (i * 1000 + j) * 7919 % " + GROUPS + " AS g, transform(sequence(1, "
                + LENGTH + "), k -> (i * k + j) % 50) AS h" + rows);
        sql.run("CREATE TABLE columns AS SELECT g, " + each("h[%1$d] AS c%1$d") + " FROM arrays");
        out.printf("%naggregate_histograms, %,d arrays of %d elements:%n", ARRAYS, LENGTH);
        Contest.header(out, "groups");
        Contest.run(
                out,
                sql,
                String.format("%,d", GROUPS),
                List.of(
                        new Contest.Entry(
                                "aggregate_histograms",
                                "SELECT g, aggregate_histograms(h) FROM arrays GROUP BY 1",
                                GROUPS),
                        new Contest.Entry(
                                "ARRAY[sum(h[1]), ...]",
                                "SELECT g, ARRAY[" + each("sum(h[%1$d])") + "] FROM arrays GROUP BY 1",
                                GROUPS),
                        new Contest.Entry(
                                "sum of columns",
                                "SELECT g, " + each("sum(c%1$d)") + " FROM columns GROUP BY 1",
                                GROUPS),
                        new Contest.Entry(
                                "count(*), which reads no array",
                                "SELECT g, count(*) FROM arrays GROUP BY 1",
                                GROUPS)));
        sql.run("DROP TABLE arrays");
        sql.run("DROP TABLE columns");
    }

    private static String each(String expression) {
        return IntStream.rangeClosed(1, LENGTH)
                .mapToObj(k -> String.format(expression, k))
                .collect(Collectors.joining(", "));
    }
}
