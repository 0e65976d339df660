package io.github.headcounthll.presto;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A headcount-sidecar of this build, on a Unix socket and a port for REST, that ends with the JVM. */
final class FunctionServer {
    private static final long PATIENCE_SECONDS = 60;
    private static FunctionServer shared;

    private final Process process;
    private final Path socket;
    private final int port;
    private final BlockingQueue<String> log = new LinkedBlockingQueue<>();

    private FunctionServer() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("headcount");
        socket = folder.resolve("sidecar.sock");
        port = freePort();
        Path program = Engines.ROOT.resolve("build/headcount-sidecar");
        if (!Files.isExecutable(program)) {
            throw new IllegalStateException(program + " is not there: run `make sidecar` first");
        }
        process = new ProcessBuilder(program.toString(), "--listen", "unix:" + socket, "--metrics", "",
                "--presto", "127.0.0.1:" + port).redirectErrorStream(true).start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
        Thread reader = new Thread(this::read, "headcount-sidecar's log");
        reader.setDaemon(true);
        reader.start();
        logged("\"network\":\"unix\"");
    }

    private void stop() {
        process.destroy();
        try {
            process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            Files.deleteIfExists(socket);
            Files.deleteIfExists(socket.getParent());
        } catch (IOException | InterruptedException e) {
            process.destroyForcibly();
        }
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            lines.lines().forEach(log::add);
        } catch (IOException | UncheckedIOException e) {
            log.add("the log ends: " + e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }

    /** The one of this JVM. */
    static synchronized FunctionServer shared() {
        if (shared == null) {
            try {
                shared = new FunctionServer();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return shared;
    }

    /** Waits for a line of the log that holds all the words. */
    String logged(String... words) throws InterruptedException {
        for (;;) {
            String line = log.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("the function server did not log " + List.of(words));
            }
            if (List.of(words).stream().allMatch(line::contains)) {
                return line;
            }
        }
    }

    /** Where PrestoDB finds the functions. */
    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** The lines of a headcount.properties that finds it. */
    List<String> properties() {
        return List.of("headcount.backend=sidecar", "headcount.sidecar.address=unix://" + socket);
    }

    /** CPU time that it has taken. */
    long cpuMillis() {
        return process.info().totalCpuDuration().orElseThrow().toMillis();
    }
}
