// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.startup;

import io.github.headcounthll.core.api.Backend;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.Logger;

/**
 * Where a plugin runs; see {@link Startup#start} for the parameters.
 *
 * @param plugin a class of the plugin's jar
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
            StartupResult result = Startup.start(environment, configurationFolder, pluginFolder);
            Logger.getLogger(plugin.getName()).info("Headcount " + version() + ": " + result.description());
            return result.backend();
        } catch (StartupException e) {
            throw new StartupException(
                    "Headcount cannot run on this node, which therefore does not start: " + e.getMessage());
        }
    }

    private String version() {
        String version = plugin.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
