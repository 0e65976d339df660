package io.github.headcounthll.trino;

import io.github.headcounthll.core.Backend;
import io.github.headcounthll.core.ColumnFunctions;
import io.github.headcounthll.core.Functions;
import io.github.headcounthll.core.GroupedSketches;

/** The backend of this class loader's plugin. Trino calls static methods, so that it has to be found statically. */
final class Engine {
    private static volatile Backend backend;
    private static volatile Functions functions;
    private static volatile ColumnFunctions columnFunctions;

    private Engine() {}

    static void use(Backend chosen) {
        functions = chosen.functions();
        columnFunctions = chosen.columnFunctions();
        backend = chosen;
    }

    static Functions functions() {
        return functions;
    }

    /** The calls for whole columns; null where rows are called one by one. */
    static ColumnFunctions columnFunctions() {
        return columnFunctions;
    }

    static GroupedSketches newSketches(int groups) {
        return backend.newSketches(groups);
    }
}
