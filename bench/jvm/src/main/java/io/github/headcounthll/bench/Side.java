// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.bench;

import java.io.IOException;
import java.util.Locale;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The JVM side of the comparison: measures what the libraries of the JVM take for one task and prints it.
 *
 * <p>Arguments: the folder of the inputs, the task, the number of samples, their length in milliseconds. Prints a line
 * of JSON for each contestant, as the Go side does: {"contestant": name, "ns": [a figure for each sample]}. Each
 * contestant has a JVM of its own.
 */
public final class Side {
    private Side() {}

    public static void main(String[] args) throws RunnerException, IOException {
        if (args.length != 4) {
            System.err.println("usage: Side INPUTS TASK SAMPLES MILLISECONDS");
            System.exit(2);
        }
        Properties names = new Properties();
        names.load(Side.class.getResourceAsStream("/names.properties"));
        TimeValue sample = TimeValue.milliseconds(Long.parseLong(args[3]));
        var options = new OptionsBuilder()
                .include("Benchmark\\." + Pattern.quote(args[1]) + "(_.*)?$")
                .forks(1)
                .warmupIterations(4)
                .warmupTime(TimeValue.milliseconds(500))
                .measurementIterations(Integer.parseInt(args[2]))
                .measurementTime(sample)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .jvmArgsAppend(
                        "--sun-misc-unsafe-memory-access=allow", // JMH's own
                        "-Xms2g",
                        "-Xmx2g",
                        "-Dheadcount.bench.inputs=" + args[0])
                .build();
        for (RunResult result : new Runner(options).run()) {
            System.out.println(line(names, result));
        }
    }

    private static String line(Properties names, RunResult result) {
        BenchmarkParams params = result.getParams();
        String[] path = params.getBenchmark().split("\\.");
        String name = names.getProperty(path[path.length - 2]);
        String method = path[path.length - 1];
        var ways = new TreeMap<String, String>();
        params.getParamsKeys().forEach(key -> ways.put(key, params.getParam(key)));
        String way = String.join(", ", ways.values());
        if (method.contains("_")) {
            way = method.substring(method.indexOf('_') + 1);
        }
        way = way.replace('_', ' ');
        String samples = result.getBenchmarkResults().stream()
                .map(BenchmarkResult::getIterationResults)
                .flatMap(iterations -> iterations.stream())
                .map(iteration -> String.format(Locale.ROOT, "%.3f", iteration.getPrimaryResult().getScore()))
                .collect(Collectors.joining(","));
        return "{\"contestant\":\"%s%s\",\"ns\":[%s]}".formatted(name, way.isEmpty() ? "" : ", " + way, samples);
    }
}
