// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * PrestoDB as a subject of the conformance protocol: a request a line on standard input, an answer a line on standard
 * output, by SQL on a PrestoDB in this process with the plugin. It answers in large pieces: who asks it must not wait
 * for an answer before asking on.
 */
final class ConformanceDriver {
    private static final int PIECE_LINES = 8192;
    private static final int PIECE_CHARACTERS = 64 << 20;

    private ConformanceDriver() {}

    /** Answers until the input ends. */
    public static void main(String[] arguments) throws IOException {
        // Whatever PrestoDB prints is no answer.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.US_ASCII);
        System.setOut(System.err);
        Tables tables = new Tables();
        try (Sql sql = Engines.local(tables)) {
            SqlAnswers answers = new SqlAnswers(sql, tables);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.ISO_8859_1), 1 << 16);
            for (List<String> piece = piece(in); !piece.isEmpty(); piece = piece(in)) {
                for (String answer : answers.answers(piece)) {
                    out.print(answer + "\n");
                }
                out.flush();
            }
        }
        System.exit(out.checkError() ? 1 : 0);
    }

    /** The next lines, as many as are answered together; none when the input has ended. */
    private static List<String> piece(BufferedReader in) throws IOException {
        List<String> lines = new ArrayList<>();
        int characters = 0;
        while (lines.size() < PIECE_LINES && characters < PIECE_CHARACTERS) {
            String line = in.readLine();
            if (line == null) {
                break;
            }
            lines.add(line);
            characters += line.length();
        }
        return lines;
    }
}
