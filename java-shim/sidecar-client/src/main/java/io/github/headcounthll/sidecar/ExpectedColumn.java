// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

/**
 * A column that an answer has to have.
 *
 * @param type its type
 * @param width the doubles of a struct; 0 of any other type
 */
record ExpectedColumn(WireType type, int width) {
    static final ExpectedColumn INT64 = new ExpectedColumn(WireType.INT64, 0);
    static final ExpectedColumn FLOAT64 = new ExpectedColumn(WireType.FLOAT64, 0);
    static final ExpectedColumn BINARY = new ExpectedColumn(WireType.BINARY, 0);
    static final ExpectedColumn UTF8 = new ExpectedColumn(WireType.UTF8, 0);

    /** Buffers in a record batch, those of a struct's fields included. */
    int buffers() {
        return type.buffers() + width * WireType.FLOAT64.buffers();
    }

    /** Nodes in a record batch, those of a struct's fields included. */
    int nodes() {
        return 1 + width;
    }
}
