package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.Backend;
import io.github.headcounthll.core.BackendProvider;
import io.github.headcounthll.core.Configuration;
import io.github.headcounthll.core.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A real headcount-sidecar, on a Unix socket in a folder of its own. */
final class Server implements AutoCloseable {
    private static final Path PROGRAM = Path.of(System.getProperty("headcount.root")).resolve("build/headcount-sidecar").normalize();
    private static final int ATTEMPTS = 1200;

    private final Path folder;
    private final List<String> flags;
    private Process process;

    private Server(List<String> flags) throws IOException {
        this.flags = flags;
        // Short: the path of a socket has at most 107 bytes.
        folder = Files.createTempDirectory("hc");
    }

    static Server start(String... flags) throws Exception {
        if (!Files.isExecutable(PROGRAM)) {
            throw new IllegalStateException(PROGRAM + " is not there: run `make sidecar` first");
        }
        Server server = new Server(List.of(flags));
        server.launch();
        return server;
    }

    /** Starts it, again after {@link #kill}, and waits until it listens. */
    void launch() throws Exception {
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString(), "--listen=unix:" + socket(), "--metrics="));
        command.addAll(flags);
        process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
        for (int i = 0; !listens(); i++) {
            if (i == ATTEMPTS || !process.isAlive()) {
                throw new IllegalStateException("the server does not listen: " + Files.readString(folder.resolve("log")));
            }
            Thread.sleep(50);
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
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    Path socket() {
        return folder.resolve("s");
    }

    /** The backend at this server; pairs of more properties. */
    Backend backend(String... properties) {
        return ((Node.Ready) open(socketProperties(properties))).backend();
    }

    Map<String, String> socketProperties(String... more) {
        Map<String, String> properties = new LinkedHashMap<>(Map.of(Settings.ADDRESS, "unix://" + socket()));
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return properties;
    }

    static Node open(Map<String, String> properties) {
        BackendProvider provider = new SidecarBackendProvider();
        return provider.open(new Configuration(Path.of("headcount.properties"), provider.name(), null, properties));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try (var files = Files.list(folder)) {
            process.waitFor();
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
