// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * PrestoDB as a process of its own, by its own main class and its own loader of plugins, with nothing of ours on its class
 * path: the plugin is a folder in its plugin directory.
 */
final class PrestoServer implements AutoCloseable {
    private static final int ATTEMPTS = 1200;
    private static final int PAUSE_MILLIS = 100;
    private static final String STARTED = "SERVER STARTED";

    private final Path folder;
    private final int port;
    private final PluginFolder plugin;
    private Process process;

    /** A server's folder, in which {@link #plugin()} and {@link #configuration()} can still be changed. */
    PrestoServer() throws IOException {
        folder = Files.createTempDirectory("headcount");
        try (ServerSocket probe = new ServerSocket(0)) {
            port = probe.getLocalPort();
        }
        Files.createDirectories(folder.resolve("etc/catalog"));
        Files.write(
                folder.resolve("etc/config.properties"),
                List.of(
                        "coordinator=true",
                        "node-scheduler.include-coordinator=true",
                        "http-server.http.port=" + port,
                        "discovery-server.enabled=true",
                        "discovery.uri=http://127.0.0.1:" + port,
                        "http-server.log.path=" + folder.resolve("data/http-request.log"),
                        "plugin.dir=" + folder.resolve("plugin")));
        plugin = new PluginFolder(folder.resolve("plugin/headcount"));
    }

    /** The folder in its plugin directory. */
    PluginFolder plugin() {
        return plugin;
    }

    /** Where headcount.properties stands, if there is one. */
    Path configuration() {
        return folder.resolve("etc/headcount.properties");
    }

    /** Starts it and waits until it takes queries or has ended. */
    PrestoServer start() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx1g",
                "-Djdk.attach.allowAttachSelf=true",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-Dconfig=" + folder.resolve("etc/config.properties"),
                "-Dcatalog.config-dir=" + folder.resolve("etc/catalog"),
                "-Dnode.environment=test",
                "-Dnode.id=test",
                "-Dnode.data-dir=" + folder.resolve("data"),
                "-Dnode.bind-ip=127.0.0.1",
                "-Dnode.internal-address=127.0.0.1",
                "-cp",
                prestosOwn(),
                "com.facebook.presto.server.PrestoServer"));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        for (int i = 0; process.isAlive() && !log().contains(STARTED); i++) {
            if (i == ATTEMPTS) {
                throw new AssertionError("PrestoDB did not start: " + log());
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return this;
    }

    /** The jars of the tests' class path that are PrestoDB's, from Maven's repository. */
    private static String prestosOwn() throws IOException {
        String all = Files.readString(Engines.ROOT.resolve("java-shim/presto/tests/target/test-classpath.txt"))
                .trim();
        return Stream.of(all.split(":"))
                .filter(jar -> !Path.of(jar).startsWith(Engines.ROOT) && !jar.contains("presto-jdbc"))
                .collect(Collectors.joining(":"));
    }

    /** A client's connection, by PrestoDB's JDBC driver. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:presto://127.0.0.1:" + port + "/system/runtime?user=test");
    }

    String log() throws IOException {
        return Files.readString(folder.resolve("log"), StandardCharsets.UTF_8);
    }

    /** The status that it ended with. */
    int exitStatus() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).collect(Collectors.toList())) {
                Files.delete(file);
            }
        }
    }
}
