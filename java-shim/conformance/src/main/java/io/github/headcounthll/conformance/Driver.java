// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.conformance;

import io.github.headcounthll.core.startup.BackendProvider;
import io.github.headcounthll.core.startup.Configuration;
import io.github.headcounthll.core.startup.StartupException;
import io.github.headcounthll.core.startup.StartupResult;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * The Java conformance driver: reads one request per line from standard input and writes one answer per line to standard
 * output, computed by the library named as the only argument.
 */
public final class Driver {
    private static final int BUFFER = 1 << 16;

    private Driver() {}

    /** Answers until the input ends. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("usage: driver LIBRARY");
            System.exit(2);
        }
        StartupResult opened;
        try {
            opened = open(Path.of(arguments[0]).toAbsolutePath());
        } catch (StartupException e) {
            System.err.println("driver: " + e.getMessage());
            System.exit(1);
            return;
        }
        System.err.println("driver: " + opened.description());
        serve(
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.ISO_8859_1), BUFFER),
                new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.US_ASCII), BUFFER),
                new Answers(opened.backend()));
    }

    /** Opens it with the provider on the class path. */
    private static StartupResult open(Path library) {
        return ServiceLoader.load(BackendProvider.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no backend on the class path"))
                .open(new Configuration(null, "native", library, Map.of()));
    }

    private static void serve(BufferedReader in, Writer out, Answers answers) throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.write(answers.answer(line));
            out.write('\n');
            if (!in.ready()) {
                out.flush();
            }
        }
        out.flush();
    }
}
