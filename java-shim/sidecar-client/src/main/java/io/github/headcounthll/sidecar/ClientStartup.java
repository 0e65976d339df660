// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.core.startup.StartupResult;
import java.io.IOException;

/** The steps behind {@link SidecarBackendProvider#open}, in a class that loads gRPC. */
final class ClientStartup {
    private ClientStartup() {}

    /**
     * A server that is not there yet fails queries until it is, but no node: the two start in any order. What this node
     * alone can have wrong, such as a certificate, refuses it.
     */
    static StartupResult open(Settings settings) {
        Connection connection;
        try {
            connection = new Connection(settings);
        } catch (IOException | IllegalArgumentException e) {
            return new StartupResult.Refused(
                    "the way to the sidecar at " + settings.address().text() + " cannot be made ready: " + e);
        }
        SidecarBackend backend = new SidecarBackend(new Exchange(connection));
        String description = "backend sidecar at " + settings.address().text() + (settings.tls() ? ", over TLS" : "");
        try {
            backend.functions().empty(12);
            return new StartupResult.Ready(
                    backend, description + ", which answers, protocol version " + Schemas.PROTOCOL);
        } catch (HeadcountException e) {
            return new StartupResult.Ready(
                    backend, description + ", which does not answer yet (" + e.getMessage() + ")");
        }
    }
}
