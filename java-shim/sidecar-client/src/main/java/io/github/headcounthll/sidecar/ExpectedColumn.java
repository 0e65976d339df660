// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

/**
 * A column that a result must have.
 *
 * @param type its type
 * @param width the number of doubles of a struct; 0 for other types
 */
record ExpectedColumn(WireType type, int width) {
    static final ExpectedColumn INT64 = new ExpectedColumn(WireType.INT64, 0);
    static final ExpectedColumn FLOAT64 = new ExpectedColumn(WireType.FLOAT64, 0);
    static final ExpectedColumn BINARY = new ExpectedColumn(WireType.BINARY, 0);
    static final ExpectedColumn UTF8 = new ExpectedColumn(WireType.UTF8, 0);

    /** The buffers in a record batch, including those of a struct's fields. */
    int buffers() {
        return type.buffers() + width * WireType.FLOAT64.buffers();
    }

    /** The nodes in a record batch, including those of a struct's fields. */
    int nodes() {
        return 1 + width;
    }
}
