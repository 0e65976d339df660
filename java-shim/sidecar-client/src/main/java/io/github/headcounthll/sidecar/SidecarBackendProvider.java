// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.startup.BackendProvider;
import io.github.headcounthll.core.startup.Configuration;
import io.github.headcounthll.core.startup.StartupResult;
import java.util.List;

/** Selected by {@code headcount.backend=sidecar}. Loads no class of gRPC before {@link #open}. */
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
        return SidecarBackend.open(Settings.read(configuration));
    }
}
