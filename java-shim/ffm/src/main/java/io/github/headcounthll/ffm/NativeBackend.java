// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.ffm;

import io.github.headcounthll.core.startup.StartupResult;
import java.nio.file.Path;

/** libheadcount in this process. */
public final class NativeBackend {
    private NativeBackend() {}

    /** Opens the library at an absolute path, and says everything that is wrong with it as a {@link StartupResult.Refused}. */
    public static StartupResult open(Path library) {
        return Library.THE.open(library);
    }
}
