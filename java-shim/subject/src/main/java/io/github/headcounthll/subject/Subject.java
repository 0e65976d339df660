package io.github.headcounthll.subject;

import io.github.headcounthll.core.Node;
import io.github.headcounthll.ffm.NativeBackend;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The Java conformance subject: a request a line on standard input, an answer a line on standard output, computed by
 * the library named as the only argument.
 */
public final class Subject {
    private static final int BUFFER = 1 << 16;

    private Subject() {}

    /** Answers until the input ends. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("usage: subject LIBRARY");
            System.exit(2);
        }
        switch (NativeBackend.open(Path.of(arguments[0]).toAbsolutePath())) {
            case Node.Refused refused -> {
                System.err.println("subject: " + refused.reason());
                System.exit(1);
            }
            case Node.Ready ready -> {
                System.err.println("subject: " + ready.description());
                serve(new BufferedInputStream(System.in, BUFFER), new BufferedOutputStream(System.out, BUFFER),
                        new Answers(ready.backend()));
            }
        }
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
