// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core;

import java.util.List;

/**
 * Opens a backend of one kind; found by {@link java.util.ServiceLoader} on the plugin's own class path, so that a
 * plugin ships the kinds that its Java version can run. A provider's class loads nothing heavy before
 * {@link #open} is called.
 */
public interface BackendProvider {
    /** The value of {@code headcount.backend} that chooses it. */
    String name();

    /** The properties that it reads, beyond those that all have. */
    default List<String> keys() {
        return List.of();
    }

    /** Opens it, and says everything that is wrong with this node as a {@link StartupResult.Refused}. */
    StartupResult open(Configuration configuration);
}
