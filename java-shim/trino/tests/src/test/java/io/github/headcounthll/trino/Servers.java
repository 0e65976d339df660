// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import io.github.headcounthll.sidecar.SidecarServer;
import io.trino.plugin.memory.MemoryPlugin;
import io.trino.plugin.tpch.TpchPlugin;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import io.trino.testing.StandaloneQueryRunner;
import io.trino.testing.TestingSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Trino servers in this process, with the plugin and the catalogs memory and tpch. */
final class Servers {
    static final Path ROOT = Path.of(required("headcount.root")).normalize();

    /** Where the functions run in this test run: native or sidecar. */
    static final String BACKEND = required("headcount.backend");

    private static Sql shared;

    private Servers() {}

    /** One server for all test classes that change nothing of it; ends with the process. */
    static synchronized Sql shared() {
        if (shared == null) {
            shared = single();
        }
        return shared;
    }

    /** A server that is coordinator and worker. */
    static Sql single() {
        return new Sql(withCatalogs(new StandaloneQueryRunner(session())));
    }

    /** The same with a plugin of its own. */
    static Sql single(HeadcountPlugin plugin) {
        return new Sql(withCatalogs(new StandaloneQueryRunner(session()), plugin));
    }

    /** A coordinator and two workers. */
    static Sql distributed(Map<String, String> properties) throws Exception {
        return new Sql(withCatalogs(DistributedQueryRunner.builder(session())
                .setWorkerCount(2)
                .setExtraProperties(properties)
                .build()));
    }

    /** The plugin as a server would load it, on this run's backend. */
    static HeadcountPlugin plugin() {
        return BACKEND.equals("sidecar")
                ? sidecar(SidecarServer.shared().socket())
                : plugin("headcount.library.path=" + library());
    }

    /** The plugin with its functions in the server that listens on a Unix socket. */
    static HeadcountPlugin sidecar(Path socket, String... more) {
        return plugin(Stream.concat(
                        Stream.of("headcount.backend=sidecar", "headcount.sidecar.address=unix://" + socket),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private static HeadcountPlugin plugin(String... lines) {
        return new HeadcountPlugin(
                Map.of("HEADCOUNT_CONFIG", configuration(lines).toString()), null, ROOT.resolve("build"));
    }

    /** The library of this build. */
    private static Path library() {
        Path library = ROOT.resolve("build/libheadcount.so");
        if (!Files.isRegularFile(library)) {
            throw new IllegalStateException(library + " is not there: run `make lib` first");
        }
        return library;
    }

    /** A headcount.properties with these lines. */
    static Path configuration(String... lines) {
        try {
            Path file = Files.createTempDirectory("headcount").resolve("headcount.properties");
            Files.write(file, java.util.List.of(lines));
            file.getParent().toFile().deleteOnExit(); // the last named goes first
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <R extends QueryRunner> R withCatalogs(R runner) {
        return withCatalogs(runner, plugin());
    }

    private static <R extends QueryRunner> R withCatalogs(R runner, HeadcountPlugin plugin) {
        runner.installPlugin(plugin);
        runner.installPlugin(new MemoryPlugin());
        runner.installPlugin(new TpchPlugin());
        runner.createCatalog("memory", "memory", Map.of("memory.max-data-per-node", "4GB"));
        runner.createCatalog("tpch", "tpch", Map.of());
        return runner;
    }

    private static io.trino.Session session() {
        return TestingSession.testSessionBuilder()
                .setCatalog("memory")
                .setSchema("default")
                .build();
    }

    private static String required(String property) {
        String value = System.getProperty(property);
        if (value == null) {
            throw new IllegalStateException("the system property " + property + " is not set; the build sets it");
        }
        return value;
    }
}
