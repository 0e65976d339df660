// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The C compiler, which the library's own build needs too. */
public final class Gcc {
    private Gcc() {}

    /** Compiles C to a shared library or a program. */
    public static Path compile(Path out, String source, String... options) throws IOException, InterruptedException {
        Path file = Files.writeString(out.resolveSibling(out.getFileName() + ".c"), source);
        List<String> command = new ArrayList<>(List.of("gcc", "-o", out.toString(), file.toString()));
        command.addAll(List.of(options));
        run(command);
        return out;
    }

    /** Runs a command and returns what it says. */
    public static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + output);
        }
        return output;
    }
}
