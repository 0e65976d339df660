// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A real headcount-sidecar, on a Unix socket in a folder of its own; for the tests of every plugin. */
public final class SidecarServer implements AutoCloseable {
    private static final Path PROGRAM = Path.of(System.getProperty("headcount.root"))
            .resolve("build/headcount-sidecar")
            .normalize();
    private static final Pattern KEPT = Pattern.compile("\"bytes_kept\":(\\d+)");
    private static final Pattern ANSWERED = Pattern.compile("\"bytes_out\":(\\d+)");
    private static final Pattern GROUPS = Pattern.compile("\"groups\":(\\d+)");
    private static final int ATTEMPTS = 1200;
    private static final int PAUSE_MILLIS = 50;

    private static SidecarServer shared;

    private final Path folder;
    private final List<String> flags;
    private Process process;

    private SidecarServer(List<String> flags) throws IOException {
        this.flags = flags;
        // In the folder for temporary files, since the path of a socket has at most 107 bytes.
        folder = Files.createTempDirectory("headcount");
    }

    /** Starts one with more flags. */
    public static SidecarServer start(String... flags) {
        if (!Files.isExecutable(PROGRAM)) {
            throw new IllegalStateException(PROGRAM + " is not there: run `make sidecar` first");
        }
        try {
            SidecarServer server = new SidecarServer(List.of(flags));
            server.launch();
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One for all tests that change nothing of it; ends with the process. */
    public static synchronized SidecarServer shared() {
        if (shared == null) {
            shared = start();
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    /** Starts the program, again after {@link #kill}, and waits until it listens. */
    public void launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString(), "--listen=unix:" + socket(), "--metrics="));
        command.addAll(flags);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
        for (int i = 0; !listens(); i++) {
            if (i == ATTEMPTS || !process.isAlive()) {
                throw new IllegalStateException("the server does not listen: " + Files.readString(log()));
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean listens() {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** SIGTERM; returns when the process has ended. */
    public void stop() {
        process.destroy();
        process.onExit().join();
    }

    /** CPU time that the process has used so far, in nanoseconds. */
    public long cpuNanos() {
        return process.toHandle().info().totalCpuDuration().orElseThrow().toNanos();
    }

    /** Waits for a line of the log that holds all the words. */
    public String logged(String... words) {
        for (int i = 0; i < ATTEMPTS; i++) {
            Optional<String> found = line(words);
            if (found.isPresent()) {
                return found.get();
            }
            pause();
        }
        throw new AssertionError("the sidecar did not log " + List.of(words));
    }

    private Optional<String> line(String... words) {
        try (Stream<String> lines = Files.lines(log())) {
            return lines.filter(line -> Stream.of(words).allMatch(line::contains))
                    .findFirst();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Exchanges that have ended, if it was started with {@code --log-level=debug}: each is logged before its caller knows. */
    public long exchanges() {
        return exchanges("");
    }

    /** The same, of those whose line has these words. */
    public long exchanges(String words) {
        try (Stream<String> lines = Files.lines(log())) {
            return lines.filter(line -> line.contains("\"msg\":\"exchange\"") && line.contains(words))
                    .count();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The bytes that exchanges used again instead of receiving them, if it was started with {@code --log-level=debug}. */
    public long keptBytes() {
        return sum(KEPT);
    }

    /** The bytes of the answers of exchanges that have ended, if it was started with {@code --log-level=debug}. */
    public long answeredBytes() {
        return sum(ANSWERED);
    }

    /** The most groups of an exchange that has ended, if it was started with {@code --log-level=debug}. */
    public long mostGroups() {
        return Arrays.stream(numbers(GROUPS)).max().orElse(0);
    }

    private long sum(Pattern number) {
        return Arrays.stream(numbers(number)).sum();
    }

    private long[] numbers(Pattern number) {
        try (Stream<String> lines = Files.lines(log())) {
            return lines.map(number::matcher)
                    .filter(Matcher::find)
                    .mapToLong(found -> Long.parseLong(found.group(1)))
                    .toArray();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many files the process has open, removed or not, whose paths begin so. */
    public long opened(String path) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return descriptors.filter(each -> opens(each, path)).count();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean opens(Path descriptor, String path) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith(path);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    /** The Unix socket. */
    public Path socket() {
        return folder.resolve("s");
    }

    private Path log() {
        return folder.resolve("log");
    }

    @Override
    public void close() {
        kill();
        try {
            Files.deleteIfExists(socket());
            Files.deleteIfExists(log());
            Files.delete(folder);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
