// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.conformance;

import io.github.headcounthll.core.startup.BackendProvider;
import io.github.headcounthll.core.startup.Configuration;
import io.github.headcounthll.core.startup.StartupException;
import io.github.headcounthll.core.startup.StartupResult;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
                new BufferedInputStream(System.in, BUFFER),
                new BufferedOutputStream(System.out, BUFFER),
                new Answers(opened.backend()));
    }

    /** Opens it with the provider on the class path. */
    private static StartupResult open(Path library) {
        return ServiceLoader.load(BackendProvider.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no backend on the class path"))
                .open(new Configuration(null, "native", library, Map.of()));
    }

    private static void serve(InputStream in, OutputStream out, Answers answers) throws IOException {
        for (String line = readLine(in); line != null; line = readLine(in)) {
            out.write(answers.answer(line).getBytes(StandardCharsets.US_ASCII));
            out.write('\n');
            if (in.available() == 0) {
                out.flush();
            }
        }
        out.flush();
    }

    /** A line without its end, of any length; null when the input has ended. */
    private static String readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int c = in.read();
        if (c < 0) {
            return null;
        }
        for (; c >= 0 && c != '\n'; c = in.read()) {
            line.write(c);
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
