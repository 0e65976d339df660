// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core;

/** What computes: the library in this process, or a function server. One for each plugin, for ever; thread-safe. */
public interface Backend {
    /** The stateless calls. */
    Functions functions();

    /** The calls for whole columns; null where a call a row costs next to nothing. */
    default ColumnFunctions columnFunctions() {
        return null;
    }

    /** A new, empty state of an aggregation, with room for {@code groups} groups. */
    GroupedSketches newSketches(int groups);
}
