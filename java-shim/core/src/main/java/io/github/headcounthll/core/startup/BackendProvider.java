// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.startup;

import java.util.List;

/**
 * Opens one kind of backend. Providers are found by {@link java.util.ServiceLoader} on the plugin's class path, so that
 * a plugin ships only the kinds that its Java version can run. A provider must not load heavy classes before {@link
 * #open} is called.
 */
public interface BackendProvider {
    /** The value of {@code headcount.backend} that selects this provider. */
    String name();

    /** The properties that this provider reads in addition to the common ones. */
    default List<String> keys() {
        return List.of();
    }

    /**
     * Opens the backend.
     *
     * @throws StartupException if anything on this node is wrong
     */
    StartupResult open(Configuration configuration);
}
