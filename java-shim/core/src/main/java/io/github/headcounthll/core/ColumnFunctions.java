// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core;

/**
 * The functions of one column, for a column at once and with an error of its own for each row: what a backend offers for
 * which a call for each row is slow. Any thread may call at any time.
 */
public interface ColumnFunctions {
    /**
     * One answer, or one error, for each row.
     *
     * @param number the same for all rows; 0 where the function takes none
     */
    RowResults answer(Scalar function, Column column, long number);
}
