// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.bench;

/** Inputs that a benchmark goes round. */
final class Rows<T> {
    private final T[] rows;
    private int at = -1;

    Rows(T[] rows) {
        this.rows = rows;
    }

    T next() {
        if (++at == rows.length) {
            at = 0;
        }
        return rows[at];
    }

    /** The row that the last one is united with: every pair is another one. */
    T partner() {
        return rows[(7 * at + 1) % rows.length];
    }
}
