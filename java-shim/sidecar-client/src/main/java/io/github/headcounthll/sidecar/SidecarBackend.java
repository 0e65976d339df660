// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.api.ColumnFunctions;
import io.github.headcounthll.core.api.Functions;
import io.github.headcounthll.core.api.GroupedSketches;

/** The sidecar, over one way to it. */
final class SidecarBackend implements Backend {
    private final SidecarFunctions functions;
    private final Aggregates aggregates;

    SidecarBackend(Exchange exchange) {
        functions = new SidecarFunctions(exchange);
        aggregates = new Aggregates(exchange);
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
        return new SidecarSketches(aggregates, groups);
    }
}
