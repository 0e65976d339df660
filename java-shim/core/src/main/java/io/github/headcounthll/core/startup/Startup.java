// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.startup;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The implementation of {@link StartupResult#start}. */
final class Startup {
    private Startup() {}

    static StartupResult start(Map<String, String> environment, Path configurationFolder, Path pluginFolder) {
        List<BackendProvider> providers;
        try {
            providers = ServiceLoader.load(BackendProvider.class, Startup.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();
        } catch (ServiceConfigurationError | LinkageError e) {
            return new StartupResult.Refused("the plugin's folder is incomplete: " + e);
        }
        return start(environment, configurationFolder, pluginFolder, providers);
    }

    static StartupResult start(
            Map<String, String> environment,
            Path configurationFolder,
            Path pluginFolder,
            List<BackendProvider> providers) {
        List<String> names =
                providers.stream().map(BackendProvider::name).sorted().toList();
        Configuration configuration;
        try {
            configuration = Configuration.load(
                    environment,
                    configurationFolder,
                    pluginFolder,
                    providers.stream()
                            .collect(Collectors.toMap(
                                    BackendProvider::name, BackendProvider::keys, (one, same) -> one)));
        } catch (Configuration.Invalid e) {
            return new StartupResult.Refused(e.getMessage());
        }
        for (BackendProvider provider : providers) {
            if (provider.name().equals(configuration.backend())) {
                return open(provider, configuration);
            }
        }
        return new StartupResult.Refused("this plugin has no backend " + configuration.backend() + ", only "
                + String.join(", ", names) + ": set " + Configuration.BACKEND);
    }

    /**
     * A backend may lack a class or fail in an unforeseen way; an exception must not abort the engine's start-up here.
     */
    private static StartupResult open(BackendProvider provider, Configuration configuration) {
        try {
            return provider.open(configuration);
        } catch (RuntimeException | LinkageError e) {
            return new StartupResult.Refused("backend " + provider.name() + " does not start: " + e);
        }
    }
}
