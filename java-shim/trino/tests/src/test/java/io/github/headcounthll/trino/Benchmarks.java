// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.List;

/** The aggregations compared with Trino's own, on one server in one run. Started by java-shim/bench.sh. */
final class Benchmarks {
    private static final List<String> ALL = List.of("dense", "sparse", "build", "histograms");

    private Benchmarks() {}

    /** @param arguments which of the benchmarks to run; none for all */
    public static void main(String[] arguments) throws Exception {
        // The server takes System.out for its log.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
        out.printf(
                "CPU and wall time of the query; CPU and peak memory of its aggregation operators; peak memory of the query,"
                        + " including the tables of the memory connector. Medians; the queries take turns.%n");
        try (Sql sql = Servers.single()) {
            for (String name : arguments.length == 0 ? ALL : List.of(arguments)) {
                switch (name) {
                    case "dense" -> MergeBenchmark.dense(out, sql);
                    case "sparse" -> MergeBenchmark.sparse(out, sql);
                    case "build" -> BuildBenchmark.run(out, sql);
                    case "histograms" -> HistogramBenchmark.run(out, sql);
                    default -> throw new IllegalArgumentException(name + ": no benchmark of " + ALL);
                }
            }
        }
        System.exit(0);
    }
}
