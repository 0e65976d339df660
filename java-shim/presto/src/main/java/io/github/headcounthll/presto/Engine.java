package io.github.headcounthll.presto;

import io.github.headcounthll.core.Backend;
import io.github.headcounthll.core.Functions;
import io.github.headcounthll.core.GroupedSketches;

/** The backend of this class loader's plugin. PrestoDB calls static methods, so that it has to be found statically. */
final class Engine {
    private static volatile Backend backend;
    private static volatile Functions functions;

    private Engine() {}

    static void use(Backend chosen) {
        functions = chosen.functions();
        backend = chosen;
    }

    static Functions functions() {
        return functions;
    }

    static GroupedSketches newSketches(int groups) {
        return backend.newSketches(groups);
    }
}
