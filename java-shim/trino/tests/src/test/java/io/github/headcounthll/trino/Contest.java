// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import com.sun.management.OperatingSystemMXBean;
import io.airlift.units.Duration;
import io.github.headcounthll.sidecar.SidecarServer;
import io.trino.execution.QueryStats;
import io.trino.operator.OperatorStats;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** Queries that do the same work, run in turns on one server, and the medians of what each cost. */
final class Contest {
    private static final int WARM_UPS = 3;
    private static final int RUNS = 9;
    private static final Set<String> AGGREGATIONS = Set.of("AggregationOperator", "HashAggregationOperator");

    private static final String HEADER =
            "| %s | | CPU ms | wall ms | aggregation CPU ms | aggregation memory MB | query memory MB"
                    + " | processes' CPU ms |%n|---|---|---:|---:|---:|---:|---:|---:|%n";

    /** One query, and how many rows it has to answer. */
    record Entry(String label, String query, int rows) {}

    /**
     * What a query cost: milliseconds of CPU and of time, of CPU in its aggregation operators, and megabytes at most, of
     * those operators and of the whole; and the CPU of this process and the sidecar's, if there is one, whatever
     * they did it for.
     */
    private record Cost(
            double cpu, double wall, double aggregationCpu, double aggregationMemory, double memory, double processes) {
        private static final List<ToDoubleFunction<Cost>> FIGURES = List.of(
                Cost::cpu, Cost::wall, Cost::aggregationCpu, Cost::aggregationMemory, Cost::memory, Cost::processes);

        static Cost of(QueryStats stats, long processNanos) {
            return new Cost(
                    millis(stats.getTotalCpuTime()),
                    millis(stats.getExecutionTime()),
                    ofAggregations(stats, Cost::micros) / 1e3,
                    ofAggregations(
                                    stats,
                                    operator -> operator.getPeakUserMemoryReservation()
                                            .toBytes())
                            / 1e6,
                    stats.getPeakUserMemoryReservation().toBytes() / 1e6,
                    processNanos / 1e6);
        }

        static Cost median(List<Cost> costs) {
            double[] medians = FIGURES.stream()
                    .mapToDouble(figure ->
                            costs.stream().mapToDouble(figure).sorted().toArray()[costs.size() / 2])
                    .toArray();
            return new Cost(medians[0], medians[1], medians[2], medians[3], medians[4], medians[5]);
        }

        private static double millis(Duration duration) {
            return duration.roundTo(TimeUnit.MICROSECONDS) / 1e3;
        }

        private static long micros(OperatorStats operator) {
            return operator.getAddInputCpu().roundTo(TimeUnit.MICROSECONDS)
                    + operator.getGetOutputCpu().roundTo(TimeUnit.MICROSECONDS)
                    + operator.getFinishCpu().roundTo(TimeUnit.MICROSECONDS);
        }

        private static long ofAggregations(QueryStats stats, ToLongFunction<OperatorStats> figure) {
            return stats.getOperatorSummaries().stream()
                    .filter(operator -> AGGREGATIONS.contains(operator.getOperatorType()))
                    .mapToLong(figure)
                    .sum();
        }

        String row(Function<ToDoubleFunction<Cost>, String> cell) {
            StringBuilder row = new StringBuilder();
            FIGURES.forEach(figure -> row.append(' ').append(cell.apply(figure)).append(" |"));
            return row.toString();
        }
    }

    private Contest() {}

    /** Begins a table. */
    static void header(PrintStream out, String what) {
        out.printf("%n" + HEADER, what);
    }

    /** Runs the entries and prints a row for each; then one for each after the first, in units of the first's cost. */
    static void run(PrintStream out, Sql sql, String what, List<Entry> entries) {
        List<List<Cost>> costs = new ArrayList<>();
        entries.forEach(entry -> costs.add(new ArrayList<>()));
        for (int run = -WARM_UPS; run < RUNS; run++) {
            for (int i = 0; i < entries.size(); i++) {
                Cost cost = cost(sql, entries.get(i));
                if (run >= 0) {
                    costs.get(i).add(cost);
                }
            }
        }
        List<Cost> medians = costs.stream().map(Cost::median).toList();
        for (int i = 0; i < entries.size(); i++) {
            Cost cost = medians.get(i);
            out.printf(
                    "| %s | %s |%s%n",
                    what, entries.get(i).label(), cost.row(figure -> format("%.1f", figure.applyAsDouble(cost))));
        }
        Cost first = medians.getFirst();
        for (int i = 1; i < entries.size(); i++) {
            Cost other = medians.get(i);
            out.printf(
                    "| %s | %s / %s |%s%n",
                    what,
                    entries.get(i).label(),
                    entries.getFirst().label(),
                    other.row(figure -> format("%.2f", figure.applyAsDouble(other) / figure.applyAsDouble(first))));
        }
    }

    private static Cost cost(Sql sql, Entry entry) {
        long before = processNanos();
        Sql.Answer answer = sql.answer(entry.query());
        long processNanos = processNanos() - before;
        if (answer.rows().size() != entry.rows()) {
            throw new IllegalStateException(
                    answer.rows().size() + " rows instead of " + entry.rows() + ": " + entry.query());
        }
        return Cost.of(answer.info().getQueryStats(), processNanos);
    }

    private static long processNanos() {
        long here =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
        return Servers.BACKEND.equals("sidecar") ? here + SidecarServer.shared().cpuNanos() : here;
    }

    private static String format(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
