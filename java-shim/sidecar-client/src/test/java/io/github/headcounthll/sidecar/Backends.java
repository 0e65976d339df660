// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.startup.BackendProvider;
import io.github.headcounthll.core.startup.Configuration;
import io.github.headcounthll.core.startup.StartupResult;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Opens the backend, as a plugin does. */
final class Backends {
    private Backends() {}

    /** At a server; then pairs of more properties. */
    static Backend at(SidecarServer server, String... more) {
        Map<String, String> properties = new LinkedHashMap<>(Map.of(Settings.ADDRESS, "unix://" + server.socket()));
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return open(properties).backend();
    }

    static StartupResult open(Map<String, String> properties) {
        BackendProvider provider = new SidecarBackendProvider();
        return provider.open(new Configuration(Path.of("headcount.properties"), provider.name(), null, properties));
    }
}
