// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.startup;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** Reads the configuration and opens the configured backend. */
public final class Startup {
    private Startup() {}

    /**
     * Starts Headcount on this machine.
     *
     * @param environment the process environment, for {@code HEADCOUNT_CONFIG}
     * @param configurationFolder the engine's configuration folder, which may contain headcount.properties; null if
     *     unknown
     * @param pluginFolder the plugin's folder, the default location of the library
     * @throws StartupException if the configuration is invalid or the backend cannot be opened
     */
    public static StartupResult start(Map<String, String> environment, Path configurationFolder, Path pluginFolder) {
        List<BackendProvider> providers;
        try {
            providers = ServiceLoader.load(BackendProvider.class, Startup.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new StartupException("the plugin's folder is incomplete: " + e);
        }
        return start(environment, configurationFolder, pluginFolder, providers);
    }

    static StartupResult start(
            Map<String, String> environment,
            Path configurationFolder,
            Path pluginFolder,
            List<BackendProvider> providers) {
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
}
