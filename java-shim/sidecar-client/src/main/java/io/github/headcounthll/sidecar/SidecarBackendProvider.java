// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.startup.BackendProvider;
import io.github.headcounthll.core.startup.Configuration;
import io.github.headcounthll.core.startup.StartupResult;
import java.util.List;

/** Chosen by {@code headcount.backend=sidecar}. Until then nothing of gRPC is loaded. */
public final class SidecarBackendProvider implements BackendProvider {
    @Override
    public String name() {
        return "sidecar";
    }

    @Override
    public List<String> keys() {
        return Settings.KEYS;
    }

    @Override
    public StartupResult open(Configuration configuration) {
        try {
            return ClientStartup.open(Settings.read(configuration));
        } catch (Settings.Invalid e) {
            return new StartupResult.Refused(e.getMessage());
        }
    }
}
