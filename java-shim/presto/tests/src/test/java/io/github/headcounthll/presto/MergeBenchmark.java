// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.common.type.BigintType;
import com.facebook.presto.common.type.VarbinaryType;
import com.sun.management.OperatingSystemMXBean;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Our merge compared with PrestoDB's own, on a PrestoDB in this process: 300,000 sketches of 4,096 registers, held in memory
 * as varbinary, to 10 groups. Both tables hold the sketches of the same 3,000 sets, 100 times each. The CPU is all that
 * this process used, and the sidecar where it is asked.
 */
final class MergeBenchmark {
    private static final int SETS = 3_000;
    private static final int COPIES = 100;
    private static final int IDS = 5_000;
    private static final int GROUPS = 10;

    private static final Tables TABLES = Engines.tables();
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private MergeBenchmark() {}

    /** A query and where it runs. */
    private record Contender(String label, Sql sql, String query, int warmUps, int runs) {
        static Contender of(String label, Sql sql, String merge, String table, int warmUps, int runs) {
            return new Contender(label, sql, "SELECT g, " + merge + " FROM " + table + " GROUP BY g", warmUps, runs);
        }

        /** Milliseconds of CPU and of time, medians. */
        long[] measure() {
            List<long[]> turns = new ArrayList<>();
            for (int run = -warmUps; run < runs; run++) {
                long cpu = cpuMillis();
                long started = System.nanoTime();
                int rows = sql.rows(query).size();
                if (rows != GROUPS) {
                    throw new IllegalStateException(rows + " groups: " + query);
                }
                if (run >= 0) {
                    turns.add(new long[] {cpuMillis() - cpu, (System.nanoTime() - started) / 1_000_000});
                }
            }
            return new long[] {median(turns, 0), median(turns, 1)};
        }
    }

    private static long cpuMillis() {
        return PROCESS.getProcessCpuTime() / 1_000_000 + FunctionServer.shared().cpuNanos() / 1_000_000;
    }

    private static long median(List<long[]> turns, int figure) {
        return turns.stream().mapToLong(turn -> turn[figure]).sorted().toArray()[turns.size() / 2];
    }

    /** Makes a table of the sketches that an aggregate makes of the sets. */
    private static void makeTable(Sql sql, String name, String aggregate) {
        List<byte[]> sketches = sql
                .rows("SELECT s, cast(" + aggregate + " AS varbinary) FROM"
                        + " (SELECT s, s * " + IDS + " + i AS id FROM UNNEST(sequence(0, " + (SETS - 1) + ")) a (s)"
                        + " CROSS JOIN UNNEST(sequence(1, " + IDS + ")) b (i)) GROUP BY s ORDER BY s")
                .stream()
                .map(row -> (byte[]) row.get(1))
                .collect(Collectors.toList());
        List<List<Object>> rows = LongStream.range(0, (long) SETS * COPIES)
                .mapToObj(i -> Arrays.<Object>asList(i * 7 % GROUPS, sketches.get((int) (i % SETS))))
                .collect(Collectors.toList());
        TABLES.put(
                name,
                List.of(new Tables.Column("g", BigintType.BIGINT), new Tables.Column("b", VarbinaryType.VARBINARY)),
                rows);
        System.out.printf(Locale.ROOT, "%s: %,d sketches of %,d bytes%n", name, rows.size(), sketches.get(0).length);
    }

    public static void main(String[] arguments) {
        try {
            run(System.out);
            System.exit(0);
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
            System.exit(1); // an engine's threads would keep the process
        }
    }

    private static void run(PrintStream out) {
        Sql inProcess = Engines.withNativePlugin(TABLES);
        Sql byServer = Engines.withPlugin();
        makeTable(inProcess, "ours", "hll_agg(id)");
        makeTable(inProcess, "theirs", "approx_set(id)");
        List<Contender> contenders = List.of(
                Contender.of(
                        "PrestoDB's own merge",
                        inProcess,
                        "cardinality(merge(cast(b AS HyperLogLog)))",
                        "theirs",
                        3,
                        7),
                Contender.of(
                        "merge(cast(b AS HLL)), in process",
                        inProcess,
                        "cardinality(merge(cast(b AS HLL)))",
                        "ours",
                        3,
                        7),
                Contender.of("hll_merge(b), in process", inProcess, "hll_cardinality(hll_merge(b))", "ours", 3, 7),
                Contender.of("hll_merge(b), function server", byServer, "hll_cardinality(hll_merge(b))", "ours", 2, 5),
                Contender.of(
                        "merge(cast(b AS HLL)), function server",
                        byServer,
                        "cardinality(merge(cast(b AS HLL)))",
                        "ours",
                        2,
                        5));
        out.printf("%n| | CPU ms | wall ms | CPU of PrestoDB's own merge / this |%n|---|---:|---:|---:|%n");
        double own = 0;
        for (Contender contender : contenders) {
            long[] cost = contender.measure();
            own = own == 0 ? cost[0] : own;
            out.printf(Locale.ROOT, "| %s | %,d | %,d | %.2f |%n", contender.label(), cost[0], cost[1], own / cost[0]);
        }
    }
}
