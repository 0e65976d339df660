// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.startup;

import io.github.headcounthll.core.api.Backend;
import java.nio.file.Path;
import java.util.Map;

/**
 * The result of starting Headcount on this machine: a {@link Ready} backend, or the reason for the failure as one line
 * for the log. Nothing is thrown: each plugin decides how to report a failure to its engine.
 */
public sealed interface StartupResult {
    /**
     * The backend was opened.
     *
     * @param backend the backend to call
     * @param description one line for the log: library, ABI version, kernel, backend
     */
    record Ready(Backend backend, String description) implements StartupResult {}

    /**
     * The backend could not be opened.
     *
     * @param reason one line for the log: where, what was found, what was expected
     */
    record Refused(String reason) implements StartupResult {}

    /**
     * Reads the configuration and opens the configured backend.
     *
     * @param environment the process environment, for {@code HEADCOUNT_CONFIG}
     * @param configurationFolder the engine's configuration folder, which may contain headcount.properties; null if
     *     unknown
     * @param pluginFolder the plugin's folder, the default location of the library
     */
    static StartupResult start(Map<String, String> environment, Path configurationFolder, Path pluginFolder) {
        return Startup.start(environment, configurationFolder, pluginFolder);
    }
}
