// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.api;

/**
 * Computes the functions: the library in this process, or the sidecar. A plugin opens one and keeps it until the
 * process exits. Thread-safe.
 */
public interface Backend {
    /** The stateless functions. */
    Functions functions();

    /** The functions over whole columns; null if calling once per row costs next to nothing. */
    default ColumnFunctions columnFunctions() {
        return null;
    }

    /** Creates an empty aggregation state with capacity for {@code groups} groups. */
    GroupedSketches newSketches(int groups);

    /**
     * Creates an empty state of sums of arrays with capacity for {@code groups} groups. What {@link GroupedSketches}
     * says of encoded sketches holds for arrays of 8 bytes an element, little-endian. It takes no ids.
     */
    GroupedSketches newSums(ArraySum sum, int groups);
}
