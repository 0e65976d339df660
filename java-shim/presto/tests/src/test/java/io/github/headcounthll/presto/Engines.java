// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.Session;
import com.facebook.presto.functionNamespace.FunctionNamespaceManagerPlugin;
import com.facebook.presto.functionNamespace.rest.RestBasedFunctionNamespaceManagerFactory;
import com.facebook.presto.testing.LocalQueryRunner;
import com.facebook.presto.testing.QueryRunner;
import com.facebook.presto.testing.TestingSession;
import com.facebook.presto.tests.DistributedQueryRunner;
import com.facebook.presto.tpch.TpchPlugin;
import io.github.headcounthll.sidecar.SidecarServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** PrestoDB in this process: one node, with the plugin or with nothing of ours. */
final class Engines {
    /** The repository. */
    static final Path ROOT =
            Path.of(System.getProperty("headcount.root")).toAbsolutePath().normalize();

    private static Sql withPlugin;
    private static final Tables TABLES = new Tables();

    private Engines() {}

    /** The tables of {@link #withPlugin}. */
    static Tables tables() {
        return TABLES;
    }

    /** PrestoDB with the plugin, which uses the sidecar; one for all tests. */
    static synchronized Sql withPlugin() {
        if (withPlugin == null) {
            withPlugin = distributed(TABLES);
            withPlugin.runner().installPlugin(plugin());
        }
        return withPlugin;
    }

    /** PrestoDB with the plugin as it is installed, which uses the C library in this process. */
    static Sql withNativePlugin(Tables tables) {
        Sql sql = distributed(tables);
        sql.runner().installPlugin(installed().load());
        return sql;
    }

    /** PrestoDB with the plugin as it is installed, which uses the sidecar of the test's own. */
    static Sql withPlugin(Tables tables, SidecarServer server) {
        Sql sql = distributed(tables);
        sql.runner().installPlugin(installed().load(configuration(FunctionServer.properties(server))));
        return sql;
    }

    /** A coordinator that runs no tasks and two workers, with the plugin as it is installed, which uses the C library. */
    static Sql withWorkers(Map<String, String> properties) {
        Sql sql = distributed(
                new Tables(),
                DistributedQueryRunner.builder(session().build())
                        .setNodeCount(3)
                        .setCoordinatorProperties(Map.of("node-scheduler.include-coordinator", "false"))
                        .setExtraProperties(properties));
        sql.runner().installPlugin(installed().load());
        return sql;
    }

    /** PrestoDB as it is released, which calls the sidecar by REST. */
    static Sql unmodified(Tables tables) {
        Sql sql = distributed(tables);
        DistributedQueryRunner runner = (DistributedQueryRunner) sql.runner();
        runner.installPlugin(new FunctionNamespaceManagerPlugin());
        runner.loadFunctionNamespaceManager(
                RestBasedFunctionNamespaceManagerFactory.NAME,
                "rest",
                Map.of(
                        "supported-function-languages", "JAVA",
                        "function-implementation-type", "REST",
                        "rest-based-function-manager.rest.url", FunctionServer.url()));
        return sql;
    }

    /** PrestoDB without HTTP and without workers, for many small queries. */
    static Sql local(Tables tables) {
        LocalQueryRunner runner = new LocalQueryRunner(session().build());
        runner.createCatalog(TablesConnector.NAME, new TablesConnector(tables), Map.of());
        runner.installPlugin(plugin());
        return new Sql(runner);
    }

    private static Sql distributed(Tables tables) {
        return distributed(
                tables, DistributedQueryRunner.builder(session().build()).setNodeCount(1));
    }

    private static Sql distributed(Tables tables, DistributedQueryRunner.Builder servers) {
        try {
            QueryRunner runner = servers.build();
            runner.installPlugin(new TpchPlugin());
            runner.createCatalog("tpch", "tpch", Map.of());
            runner.installPlugin(new TablesConnector(tables));
            runner.createCatalog(TablesConnector.NAME, TablesConnector.NAME, Map.of());
            return new Sql(runner);
        } catch (Exception e) {
            throw new IllegalStateException("PrestoDB does not start", e);
        }
    }

    private static Session.SessionBuilder session() {
        return TestingSession.testSessionBuilder()
                .setCatalog(TablesConnector.NAME)
                .setSchema("default")
                .setSystemProperty("remote_functions_enabled", "true")
                .setSystemProperty("list_built_in_functions_only", "false");
    }

    private static PluginFolder installed() {
        try {
            return new PluginFolder();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The plugin as a server would load it. */
    static HeadcountPlugin plugin() {
        Path configuration = configuration(FunctionServer.properties(FunctionServer.shared()));
        return new HeadcountPlugin(Map.of("HEADCOUNT_CONFIG", configuration.toString()), null, ROOT.resolve("build"));
    }

    /** A headcount.properties with these lines. */
    static Path configuration(List<String> lines) {
        try {
            Path file = Files.createTempDirectory("headcount").resolve("headcount.properties");
            Files.write(file, lines);
            file.getParent().toFile().deleteOnExit(); // the last named goes first
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
