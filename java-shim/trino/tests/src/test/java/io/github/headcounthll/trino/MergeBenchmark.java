// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import java.io.PrintStream;
import java.util.List;

/**
 * Our merge compared with Trino's own: 300,000 sketches of 4,096 registers in the memory connector, as varbinary. Both tables
 * hold the sketches of the same 3,000 sets, each written out 100 times to memory of its own.
 */
final class MergeBenchmark {
    private static final int SETS = 3_000;
    private static final int COPIES = 100;
    /** What Trino's UNNEST takes at a time: sequence() makes no more. */
    private static final int LARGEST_SET = 5_000;

    private MergeBenchmark() {}

    /** One of the two: how its sketches are made, and the type that they are cast to. */
    private enum Contender {
        HEADCOUNT("Headcount", "hll_agg(id)", "HLL"),
        // Of a standard error of 1.04 / sqrt(4096), which is 4,096 buckets, packed to half a byte.
        TRINO("Trino", "approx_set(id)", "HyperLogLog");

        private final String label;
        private final String aggregate;
        private final String type;

        Contender(String label, String aggregate, String type) {
            this.label = label;
            this.aggregate = aggregate;
            this.type = type;
        }

        /** @param sizes the number of ids of set s, in SQL */
        void makeTable(Sql sql, String sizes) {
            sql.run("CREATE TABLE base AS SELECT s, cast(" + aggregate + " AS varbinary) AS b FROM ("
                    + "SELECT s, s * " + LARGEST_SET + " + i AS id FROM UNNEST(sequence(0, " + (SETS - 1) + ")) a (s)"
                    + " CROSS JOIN UNNEST(sequence(1, " + LARGEST_SET + ")) b (i) WHERE i <= " + sizes
                    + ") GROUP BY s");
            // Reversed twice, with a second column: every row's bytes are written anew. Groups are in no order.
            sql.run("CREATE TABLE " + name()
                    + " AS SELECT h % 10 AS g10, h % 5000 AS g5000, h % 100000 AS g100000, b FROM ("
                    + "SELECT abs(from_big_endian_64(xxhash64(to_big_endian_64(k * " + SETS + " + s))) / 2) AS h,"
                    + " if(k >= 0, reverse(reverse(b))) AS b"
                    + " FROM base CROSS JOIN UNNEST(sequence(0, " + (COPIES - 1) + ")) c (k))");
            sql.run("DROP TABLE base");
        }

        Contest.Entry entry(int groups, int answered) {
            return entry(groups, answered, label, "cardinality(merge(cast(b AS " + type + ")))");
        }

        Contest.Entry entry(int groups, int answered, String label, String answer) {
            return new Contest.Entry(
                    label, "SELECT g" + groups + ", " + answer + " FROM " + name() + " GROUP BY 1", answered);
        }
    }

    /** Ours, Trino's own, and ours over the bytes, which needs no cast. */
    private static List<Contest.Entry> entries(int groups, int answered) {
        return List.of(
                Contender.HEADCOUNT.entry(groups, answered),
                Contender.TRINO.entry(groups, answered),
                Contender.HEADCOUNT.entry(groups, answered, "Headcount, bytes", "hll_cardinality(hll_merge(b))"));
    }

    static void dense(PrintStream out, Sql sql) {
        compare(out, sql, "dense", "5000", 10, 5_000);
    }

    /** Nine sets in ten have 1 to 60 ids, the tenth has 3,000. */
    static void sparse(PrintStream out, Sql sql) {
        compare(out, sql, "90 % sparse", "if(s % 10 = 0, 3000, 1 + s / 10 % 60)", 5_000, 100_000);
    }

    private static void compare(PrintStream out, Sql sql, String what, String sizes, int... groupCounts) {
        out.printf("%nmerge, 300,000 sketches, %s:%n", what);
        for (Contender contender : Contender.values()) {
            contender.makeTable(sql, sizes);
            List<Object> lengths = sql.rows(
                            "SELECT count(*), min(length(b)), approx_percentile(length(b), 0.5), max(length(b)) FROM "
                                    + contender.name())
                    .getFirst();
            out.printf(
                    "%s: %,d sketches of %,d to %,d bytes, median %,d%n",
                    contender.label, lengths.get(0), lengths.get(1), lengths.get(3), lengths.get(2));
        }
        Contest.header(out, "groups");
        for (int groups : groupCounts) {
            int answered = ((Number) sql.value("SELECT count(DISTINCT g" + groups + ") FROM " + Contender.HEADCOUNT))
                    .intValue();
            Contest.run(out, sql, String.format("%,d", groups), entries(groups, answered));
        }
        for (Contender contender : Contender.values()) {
            sql.run("DROP TABLE " + contender.name());
        }
    }
}
