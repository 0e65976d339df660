// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.conformance;

import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.Functions;
import io.github.headcounthll.core.api.GroupedSketches;
import io.github.headcounthll.core.startup.Installation;
import io.github.headcounthll.core.startup.StartupResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;

/** What calls cost from one thread: nanoseconds a row, the median of runs and the least, as a table. */
public final class Bench {
    private static final int RUNS = 9;
    private static final int DENSE = 4098;
    private static final int GROUPS = 10;

    private final Backend backend;
    private final Functions functions;
    private final long nanosARun;

    private Bench(Backend backend, long nanosARun) {
        this.backend = backend;
        functions = backend.functions();
        this.nanosARun = nanosARun;
    }

    /** Measures the backend that a headcount.properties names, each call for some milliseconds a run. */
    public static void main(String[] arguments) {
        if (arguments.length != 2) {
            System.err.println("usage: bench CONFIGURATION MILLISECONDS");
            System.exit(2);
        }
        StartupResult opened =
                new Installation(Bench.class, Map.of("HEADCOUNT_CONFIG", arguments[0]), null, null).start();
        System.out.println("Java " + Runtime.version() + ", " + opened.description()
                + "\n\n| call | median ns a row | least |\n|---|---:|---:|");
        new Bench(opened.backend(), Long.parseLong(arguments[1]) * 1_000_000).run();
        System.exit(0); // A sidecar's client has threads.
    }

    private void run() {
        byte[] id = "a".getBytes(StandardCharsets.US_ASCII);
        byte[] one = functions.create(id, 0, 1, 12);
        Column column = dense(1);
        byte[] dense = column.data();
        time("precision of 5 bytes", 1, () -> functions.precision(one, 0, one.length));
        time("check of " + DENSE + " bytes", 1, () -> functions.check(dense, 0, DENSE));
        time("cardinality of " + DENSE + " bytes", 1, () -> functions.cardinality(dense, 0, DENSE));
        time("create", 1, () -> functions.create(id, 0, 1, 12));
        for (int rows : new int[] {256, 1024}) {
            merge(rows);
        }
    }

    private void merge(int rows) {
        Column sketches = dense(rows);
        GroupedSketches state = backend.newSketches(GROUPS);
        time("merge of " + rows + " times " + DENSE + " bytes into " + GROUPS + " groups", rows, () -> {
            for (int row = 0; row < rows; row++) {
                state.merge(row % GROUPS, sketches.data(), sketches.starts()[row], DENSE);
            }
            state.flush();
        });
    }

    private static Column dense(int rows) {
        SplittableRandom random = new SplittableRandom(1);
        byte[] data = new byte[rows * DENSE];
        int[] starts = new int[rows];
        int[] lengths = new int[rows];
        for (int row = 0; row < rows; row++) {
            starts[row] = row * DENSE;
            lengths[row] = DENSE;
            for (int i = 0; i < DENSE; i++) {
                data[starts[row] + i] = i == 0 ? 2 : i == 1 ? 12 : (byte) random.nextInt(40);
            }
        }
        return new Column(data, starts, lengths, rows);
    }

    private void time(String what, int rows, Runnable call) {
        double[] nanos = new double[RUNS];
        for (int run = -2; run < RUNS; run++) { // The first two for the compiler.
            long calls = 0;
            long begin = System.nanoTime();
            long end = begin;
            while (end - begin < nanosARun) {
                for (int i = 0; i < 16; i++) {
                    call.run();
                }
                calls += 16;
                end = System.nanoTime();
            }
            nanos[Math.max(0, run)] = (double) (end - begin) / calls / rows;
        }
        Arrays.sort(nanos);
        System.out.printf("| %s | %.0f | %.0f |%n", what, nanos[RUNS / 2], nanos[0]);
    }
}
