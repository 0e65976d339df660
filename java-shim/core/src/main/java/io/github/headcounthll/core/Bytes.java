// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core;

/** A value: {@code length} bytes of an array, from {@code start}. */
public record Bytes(byte[] array, int start, int length) {
    /** A column of this row. */
    Column column() {
        return Column.of(array, start, length);
    }

    /** Are they the same bytes of the same array? What they say is not looked at. */
    boolean liesAt(Bytes other) {
        return array == other.array && start == other.start && length == other.length;
    }
}
