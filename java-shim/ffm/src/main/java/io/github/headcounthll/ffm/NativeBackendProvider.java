// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.ffm;

import io.github.headcounthll.core.startup.BackendProvider;
import io.github.headcounthll.core.startup.Configuration;
import io.github.headcounthll.core.startup.StartupResult;
import java.nio.file.Path;

/** Selected by {@code headcount.backend=native}: libheadcount in this process. */
public final class NativeBackendProvider implements BackendProvider {
    /** Opens the library at an absolute path; see {@link Library#open}. */
    public static StartupResult openLibrary(Path library) {
        return Library.THE.open(library);
    }

    @Override
    public String name() {
        return "native";
    }

    @Override
    public StartupResult open(Configuration configuration) {
        return openLibrary(configuration.libraryPath());
    }
}
