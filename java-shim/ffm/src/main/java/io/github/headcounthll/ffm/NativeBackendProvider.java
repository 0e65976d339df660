// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.ffm;

import io.github.headcounthll.core.startup.BackendProvider;
import io.github.headcounthll.core.startup.Configuration;
import io.github.headcounthll.core.startup.StartupResult;

/** Chosen by {@code headcount.backend=native}. */
public final class NativeBackendProvider implements BackendProvider {
    @Override
    public String name() {
        return "native";
    }

    @Override
    public StartupResult open(Configuration configuration) {
        return NativeBackend.open(configuration.libraryPath());
    }
}
