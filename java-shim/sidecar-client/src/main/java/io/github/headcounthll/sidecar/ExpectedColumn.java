// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

/**
 * A column that a result must have.
 *
 * @param type its type
 * @param child the type of a struct's fields or a list's elements
 * @param width the number of doubles of a struct; 1 for a list; 0 for other types
 */
record ExpectedColumn(WireType type, WireType child, int width) {
    static final ExpectedColumn INT64 = new ExpectedColumn(WireType.INT64, 0);
    static final ExpectedColumn FLOAT64 = new ExpectedColumn(WireType.FLOAT64, 0);
    static final ExpectedColumn BINARY = new ExpectedColumn(WireType.BINARY, 0);
    static final ExpectedColumn UTF8 = new ExpectedColumn(WireType.UTF8, 0);
    static final ExpectedColumn INT64_LIST = new ExpectedColumn(WireType.INT64_LIST, WireType.INT64, 1);

    /** A struct of doubles, or a type without children. */
    ExpectedColumn(WireType type, int width) {
        this(type, WireType.FLOAT64, width);
    }

    /** The buffers in a record batch, including those of its children. */
    int buffers() {
        return type.buffers() + width * child.buffers();
    }

    /** The nodes in a record batch, including those of its children. */
    int nodes() {
        return 1 + width;
    }
}
