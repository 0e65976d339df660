// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core;

/** A value: {@code length} bytes of an array, starting at {@code start}. */
public record Bytes(byte[] array, int start, int length) {
    /** A column with this value as its only row. */
    Column column() {
        return Column.of(array, start, length);
    }

    /** Returns whether both are the same bytes of the same array. Contents are not compared. */
    boolean liesAt(Bytes other) {
        return array == other.array && start == other.start && length == other.length;
    }
}
