// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.vectors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * Writes the vector files into a folder. usage: Generate FOLDER [FILE...]
 *
 * <p>The JVM needs -XX:-OmitStackTraceInFastThrow: without it, compiled code throws exceptions without a message, and
 * which calls are compiled varies from run to run.
 */
public final class Generate {
    private Generate() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Files.createDirectories(folder);
        List<String> only = List.of(arguments).subList(1, arguments.length);
        write(folder, only, "hash", BuildVectors::hash);
        write(folder, only, "create", BuildVectors::create);
        write(folder, only, "sets", BuildVectors::sets);
        write(folder, only, "threshold", BuildVectors::threshold);
        write(folder, only, "merges", UnionVectors::merges);
        write(folder, only, "edges", EdgeVectors::vectors);
        write(folder, only, "malformed", MalformedVectors::vectors);
        write(folder, only, "downsize", UnionVectors::downsize);
        write(folder, only, "linear", LinearVectors::vectors);
        write(folder, only, "spark_functions", SparkFunctions::vectors);
    }

    private static void write(Path folder, List<String> only, String name, Supplier<List<Json>> vectors) {
        if (!only.isEmpty() && !only.contains(name)) {
            return;
        }
        StringBuilder text = new StringBuilder();
        for (Json vector : vectors.get()) {
            text.append(vector).append('\n');
        }
        try {
            Files.write(folder.resolve(name + ".jsonl"), text.toString().getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
