// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.api;

/**
 * The one-column functions over whole columns, with a separate error for each row. Implemented by backends for which
 * one call per row is slow. Thread-safe.
 */
public interface ColumnFunctions {
    /**
     * Returns one result or one error for each row.
     *
     * @param number a constant for all rows; 0 if the function takes none
     */
    RowResults answer(Scalar function, Column column, long number);
}
