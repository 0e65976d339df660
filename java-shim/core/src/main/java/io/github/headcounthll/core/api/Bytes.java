// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.api;

/** A value: {@code length} bytes of an array, starting at {@code start}. */
public record Bytes(byte[] array, int start, int length) {
    /** A column with this value as its only row. */
    public Column column() {
        return Column.of(array, start, length);
    }

    /** Returns whether both are the same bytes of the same array. Contents are not compared. */
    public boolean liesAt(Bytes other) {
        return array == other.array && start == other.start && length == other.length;
    }
}
