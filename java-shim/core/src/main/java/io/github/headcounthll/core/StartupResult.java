// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core;

import java.nio.file.Path;
import java.util.Map;

/**
 * What became of starting Headcount on this machine: a backend that is {@link Ready}, or the reason why not, as one
 * line for the log. Nothing is thrown: a plugin decides how its engine is told.
 */
public sealed interface StartupResult {
    /**
     * @param backend what to call
     * @param description one line for the log: library, ABI version, kernel, backend
     */
    record Ready(Backend backend, String description) implements StartupResult {}

    /**
     * @param reason one line for the log: where, what was found, what was expected
     */
    record Refused(String reason) implements StartupResult {}

    /**
     * Reads the configuration and opens the backend that it names.
     *
     * @param environment the process's environment, for {@code HEADCOUNT_CONFIG}
     * @param configurationFolder the engine's own configuration folder, where headcount.properties is looked for;
     *     null when unknown
     * @param pluginFolder the plugin's folder, where the library is by default
     */
    static StartupResult start(Map<String, String> environment, Path configurationFolder, Path pluginFolder) {
        return Startup.start(environment, configurationFolder, pluginFolder);
    }
}
