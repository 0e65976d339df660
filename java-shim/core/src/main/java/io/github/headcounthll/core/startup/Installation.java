// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.startup;

import io.github.headcounthll.core.api.Backend;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Where a plugin runs.
 *
 * @param plugin a class of the plugin's jar
 * @param environment the process environment, for {@code HEADCOUNT_CONFIG}
 * @param configurationFolder the engine's configuration folder, which may contain headcount.properties; null if unknown
 * @param pluginFolder the plugin's folder, the default location of the library
 */
public record Installation(
        Class<?> plugin, Map<String, String> environment, Path configurationFolder, Path pluginFolder) {
    /**
     * The installation of this process. The launchers of Trino and PrestoDB name config.properties in the system
     * property {@code config}; headcount.properties is in the same folder.
     */
    public static Installation of(Class<?> plugin) {
        String config = System.getProperty("config");
        Path folder = config == null ? null : Path.of(config).toAbsolutePath().getParent();
        return new Installation(plugin, System.getenv(), folder, pluginFolder(plugin));
    }

    private static Path pluginFolder(Class<?> plugin) {
        URL jar = plugin.getProtectionDomain().getCodeSource().getLocation();
        try {
            return Path.of(jar.toURI()).getParent();
        } catch (URISyntaxException e) {
            throw new StartupException("the plugin's folder is not a path: " + jar);
        }
    }

    /**
     * Opens the backend and logs one line.
     *
     * @throws StartupException if anything on this node is wrong; the engine must not start
     */
    public Backend open() {
        try {
            StartupResult result = start();
            Logger.getLogger(plugin.getName()).info("Headcount " + version() + ": " + result.description());
            return result.backend();
        } catch (StartupException e) {
            throw new StartupException(
                    "Headcount cannot run on this node, which therefore does not start: " + e.getMessage());
        }
    }

    /**
     * Reads the configuration and opens the configured backend.
     *
     * @throws StartupException if the configuration is invalid or the backend cannot be opened
     */
    public StartupResult start() {
        List<BackendProvider> providers;
        try {
            providers = ServiceLoader.load(BackendProvider.class, Installation.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new StartupException("the plugin's folder is incomplete: " + e);
        }
        return start(providers);
    }

    StartupResult start(List<BackendProvider> providers) {
        Map<String, List<String>> keys = providers.stream()
                .collect(Collectors.toMap(BackendProvider::name, BackendProvider::keys, (one, same) -> one));
        Configuration configuration = Configuration.load(environment, configurationFolder, pluginFolder, keys);
        for (BackendProvider provider : providers) {
            if (provider.name().equals(configuration.backend())) {
                return open(provider, configuration);
            }
        }
        throw new StartupException("this plugin has no backend " + configuration.backend() + ", only "
                + keys.keySet().stream().sorted().collect(Collectors.joining(", ")) + ": set " + Configuration.BACKEND);
    }

    /** A backend may lack a class or fail in an unforeseen way; this too must become one line. */
    private static StartupResult open(BackendProvider provider, Configuration configuration) {
        try {
            return provider.open(configuration);
        } catch (StartupException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw new StartupException("backend " + provider.name() + " does not start: " + e);
        }
    }

    private String version() {
        String version = plugin.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
