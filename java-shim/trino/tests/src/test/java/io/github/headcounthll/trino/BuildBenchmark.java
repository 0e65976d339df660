// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import java.io.PrintStream;
import java.util.List;

/**
 * {@code hll_agg} compared with Trino's {@code approx_set} over 6 million ids in the memory connector, as a sketch of all and
 * as one for each of 5,000 groups. {@code max} tells what reading the ids costs.
 */
final class BuildBenchmark {
    private static final String ROWS = "UNNEST(sequence(0, 599)) a (i) CROSS JOIN UNNEST(sequence(1, 10000)) b (j)";

    /** Columns of the same 6 million ids n, each in no order. */
    private enum Ids {
        UUID("UUID text", "lower(cast(cast(md5(to_big_endian_64(n)) AS uuid) AS varchar))"),
        UUID_TYPE("uuid, for approx_set cast to varchar", "cast(md5(to_big_endian_64(n)) AS uuid)"),
        SHORT("short varchar, 2 to 8 bytes", "'u' || cast(n AS varchar)"),
        BIGINT("bigint, 1 to 6,000,000", "n"),
        WIDE("bigint, 64 random bits", "from_big_endian_64(xxhash64(to_big_endian_64(n)))");

        private final String label;
        private final String expression;

        Ids(String label, String expression) {
            this.label = label;
            this.expression = expression;
        }

        /** Trino's own, which does not take a uuid. */
        String approxSet() {
            return this == UUID_TYPE ? "cardinality(approx_set(cast(id AS varchar)))" : "cardinality(approx_set(id))";
        }

        void makeTable(Sql sql) {
            sql.run("CREATE TABLE ids AS SELECT " + expression
                    + " AS id, n % 5000 AS g FROM (SELECT i * 10000 + j AS n FROM " + ROWS + ")");
        }
    }

    private BuildBenchmark() {}

    static void run(PrintStream out, Sql sql) {
        out.printf("%nhll_agg, 6,000,000 ids:%n");
        Contest.header(out, "ids");
        for (Ids ids : Ids.values()) {
            ids.makeTable(sql);
            Contest.run(
                    out,
                    sql,
                    ids.label,
                    List.of(
                            one("approx_set", ids.approxSet()),
                            one("hll_agg", "cardinality(hll_agg(id))"),
                            one("max", "max(id)")));
            Contest.run(
                    out,
                    sql,
                    ids.label + ", 5,000 groups",
                    List.of(
                            grouped("approx_set", ids.approxSet()),
                            grouped("hll_agg", "cardinality(hll_agg(id))"),
                            grouped("max", "max(id)")));
            sql.run("DROP TABLE ids");
        }
    }

    private static Contest.Entry one(String label, String expression) {
        return new Contest.Entry(label, "SELECT " + expression + " FROM ids", 1);
    }

    private static Contest.Entry grouped(String label, String expression) {
        return new Contest.Entry(label, "SELECT g, " + expression + " FROM ids GROUP BY 1", 5_000);
    }
}
