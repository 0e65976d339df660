package io.github.headcounthll.trino;

import io.airlift.units.Duration;
import io.trino.execution.QueryStats;
import io.trino.operator.OperatorStats;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * Our merge beside Trino's own, on one server in one run: 300,000 dense sketches of 4,096 registers in the memory
 * connector, as varbinary, in 10 groups and in 5,000. Started by java-shim/bench.sh.
 *
 * <p>Both tables hold the sketches of the same 3,000 sets of 5,000 ids, each written out 100 times to memory of its
 * own. Runs alternate; medians are printed.
 */
final class MergeBenchmark {
    private static final int SETS = 3_000;
    private static final int IDS = 5_000;
    private static final int COPIES = 100;
    private static final int WARM_UPS = 3;
    private static final int RUNS = 7;

    /** One of the two: how its sketches are made, and the type that they are cast to. */
    private enum Contender {
        HEADCOUNT("headcount", "hll_agg(id)", "HLL"),
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

        void makeTable(Sql sql) {
            sql.run("CREATE TABLE base_" + name() + " AS SELECT s, cast(" + aggregate + " AS varbinary) AS b FROM ("
                    + "SELECT s, s * " + IDS + " + i AS id FROM UNNEST(sequence(0, " + (SETS - 1) + ")) a (s)"
                    + " CROSS JOIN UNNEST(sequence(1, " + IDS + ")) b (i)) GROUP BY s");
            // Reversed twice, with a second column: every row's bytes are written anew. Groups are in no order.
            sql.run("CREATE TABLE " + name() + " AS SELECT h % 10 AS g10, h % 5000 AS g5000, b FROM ("
                    + "SELECT abs(from_big_endian_64(xxhash64(to_big_endian_64(k * " + SETS + " + s))) / 2) AS h,"
                    + " if(k >= 0, reverse(reverse(b))) AS b"
                    + " FROM base_" + name() + " CROSS JOIN UNNEST(sequence(0, " + (COPIES - 1) + ")) c (k))");
        }

        QueryStats run(Sql sql, int groups) {
            Sql.Answer answer = sql.answer("SELECT g" + groups + ", cardinality(merge(cast(b AS " + type + "))) FROM " + name()
                    + " GROUP BY 1");
            if (answer.rows().size() != groups) {
                throw new IllegalStateException(answer.rows().size() + " groups instead of " + groups);
            }
            return answer.info().getQueryStats();
        }
    }

    private MergeBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        // The server takes System.out for its log.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
        try (Sql sql = Servers.single()) {
            for (Contender contender : Contender.values()) {
                contender.makeTable(sql);
                out.printf("%s: %s%n", contender.label, sql.rows("SELECT count(*), min(length(b)), max(length(b)) FROM "
                        + contender.name()).getFirst().stream().map(Object::toString)
                        .reduce((a, b) -> a + " to " + b).orElseThrow().replaceFirst(" to ", " sketches of ") + " bytes");
            }
            out.printf("%nCPU and wall time of the query; CPU and peak memory of its aggregation operators; peak memory of the query,"
                    + " of which the memory connector counts the whole table.%n"
                    + "%n| groups | | CPU ms | wall ms | aggregation CPU ms | aggregation memory MB | query memory MB |%n"
                    + "|---|---|---|---|---|---|---|%n");
            for (int groups : new int[] {10, 5_000}) {
                compare(out, sql, groups);
            }
        }
        System.exit(0);
    }

    private static void compare(PrintStream out, Sql sql, int groups) {
        List<List<QueryStats>> stats = new ArrayList<>();
        for (int run = 0; run < WARM_UPS + RUNS; run++) {
            stats.add(Arrays.stream(Contender.values()).map(contender -> contender.run(sql, groups)).toList());
        }
        double[][] figures = new double[2][];
        for (Contender contender : Contender.values()) {
            List<QueryStats> measured =
                    stats.stream().skip(WARM_UPS).map(both -> both.get(contender.ordinal())).toList();
            double[] medians = {
                median(measured, s -> micros(s.getTotalCpuTime())) / 1e3,
                median(measured, s -> micros(s.getExecutionTime())) / 1e3,
                median(measured, s -> ofAggregations(s, MergeBenchmark::cpu)) / 1e3,
                median(measured, s -> ofAggregations(s, o -> o.getPeakUserMemoryReservation().toBytes())) / 1e6,
                median(measured, s -> s.getPeakUserMemoryReservation().toBytes()) / 1e6
            };
            figures[contender.ordinal()] = medians;
            out.printf(Locale.ROOT, "| %,d | %s | %.0f | %.0f | %.0f | %.2f | %.1f |%n", groups, contender.label,
                    medians[0], medians[1], medians[2], medians[3], medians[4]);
        }
        StringBuilder ratios = new StringBuilder();
        for (int i = 0; i < figures[0].length; i++) {
            ratios.append(String.format(Locale.ROOT, " %.2f |", figures[1][i] / figures[0][i]));
        }
        out.printf(Locale.ROOT, "| %,d | Trino / headcount |%s%n", groups, ratios);
    }

    private static long micros(Duration duration) {
        return duration.roundTo(TimeUnit.MICROSECONDS);
    }

    private static long cpu(OperatorStats operator) {
        return micros(operator.getAddInputCpu()) + micros(operator.getGetOutputCpu()) + micros(operator.getFinishCpu());
    }

    private static long ofAggregations(QueryStats stats, ToLongFunction<OperatorStats> figure) {
        return stats.getOperatorSummaries().stream()
                .filter(operator -> operator.getOperatorType().equals("HashAggregationOperator"))
                .mapToLong(figure)
                .sum();
    }

    private static double median(List<QueryStats> runs, ToLongFunction<QueryStats> figure) {
        return runs.stream().mapToLong(figure).sorted().toArray()[runs.size() / 2];
    }
}
