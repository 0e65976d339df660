// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.api.ArraySum;
import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.api.ColumnFunctions;
import io.github.headcounthll.core.api.Functions;
import io.github.headcounthll.core.api.GroupedSketches;
import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.core.startup.StartupException;
import io.github.headcounthll.core.startup.StartupResult;
import java.io.IOException;

/** The sidecar, through one set of connections. */
final class SidecarBackend implements Backend {
    private final Exchange exchange;
    private final SidecarFunctions functions;

    SidecarBackend(Exchange exchange) {
        this.exchange = exchange;
        functions = new SidecarFunctions(exchange);
    }

    /**
     * Prepares the connections. A server that does not answer yet fails queries, and the node starts all the same: the
     * two start in any order. What only this node can have wrong, such as a certificate, is a StartupException.
     */
    static StartupResult open(Settings settings) {
        Connection connection;
        try {
            connection = new Connection(settings);
        } catch (IOException | IllegalArgumentException e) {
            throw new StartupException(
                    "the connection to the sidecar at " + settings.address().text() + " cannot be prepared: " + e);
        }
        SidecarBackend backend = new SidecarBackend(new Exchange(connection));
        String description = "backend sidecar at " + settings.address().text() + (settings.tls() ? ", over TLS" : "");
        try {
            backend.functions().empty(12);
            description += ", which answers, protocol version " + Schemas.PROTOCOL;
        } catch (HeadcountException e) {
            description += ", which does not answer yet (" + e.getMessage() + ")";
        }
        return new StartupResult(backend, description);
    }

    @Override
    public Functions functions() {
        return functions;
    }

    @Override
    public ColumnFunctions columnFunctions() {
        return functions;
    }

    @Override
    public GroupedSketches newSketches(int groups) {
        return new SidecarSketches(new Aggregates(exchange, "merge", false), groups);
    }

    @Override
    public GroupedSketches newSums(ArraySum sum, int groups) {
        return new SidecarSketches(new Aggregates(exchange, sum.sqlName(), true), groups);
    }
}
