package io.github.headcounthll.trino;

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

/** Trino servers in this process, with the plugin and the catalogs memory and tpch. */
final class Servers {
    static final Path ROOT = Path.of(required("headcount.root")).normalize();

    static final int TRINO_VERSION = Integer.parseInt(required("trino.version"));

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

    /** A coordinator and two workers. */
    static Sql distributed(Map<String, String> properties) throws Exception {
        return new Sql(withCatalogs(DistributedQueryRunner.builder(session())
                .setWorkerCount(2)
                .setExtraProperties(properties)
                .build()));
    }

    /** The plugin as a server would load it, with the library of this build. */
    static HeadcountPlugin plugin() {
        Path library = ROOT.resolve("build/libheadcount.so");
        if (!Files.isRegularFile(library)) {
            throw new IllegalStateException(library + " is not there: run `make lib` first");
        }
        return new HeadcountPlugin(
                Map.of("HEADCOUNT_CONFIG", configuration("headcount.library.path=" + library).toString()),
                null,
                ROOT.resolve("build"));
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
        runner.installPlugin(plugin());
        runner.installPlugin(new MemoryPlugin());
        runner.installPlugin(new TpchPlugin());
        runner.createCatalog("memory", "memory", Map.of("memory.max-data-per-node", "4GB"));
        runner.createCatalog("tpch", "tpch", Map.of());
        return runner;
    }

    private static io.trino.Session session() {
        return TestingSession.testSessionBuilder().setCatalog("memory").setSchema("default").build();
    }

    private static String required(String property) {
        String value = System.getProperty(property);
        if (value == null) {
            throw new IllegalStateException("the system property " + property + " is not set; the build sets it");
        }
        return value;
    }
}
