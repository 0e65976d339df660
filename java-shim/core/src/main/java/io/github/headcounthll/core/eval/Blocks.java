// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.eval;

import io.github.headcounthll.core.api.Bytes;
import io.github.headcounthll.core.api.Column;

/**
 * Gives {@link ScalarCalls} access to an engine's columns of byte strings.
 *
 * @param <B> a block of rows
 * @param <V> a value: a slice of an array
 */
public interface Blocks<B, V> {
    /** The block that holds the values of an indirect block such as a dictionary; otherwise the block itself. */
    default B holder(B block) {
        return block;
    }

    /** The position of a row's value in {@link #holder(Object)}. */
    default int position(B block, int row) {
        return row;
    }

    int rows(B block);

    /** The approximate size of the block's values in bytes. */
    long size(B block);

    boolean isNull(B block, int row);

    /** Returns a row that is not NULL. The same row is always the same slice of the same array. */
    V value(B block, int row);

    /** The array, offset and length of a value. */
    Bytes bytes(V value);

    /** A value that covers a whole array. */
    V value(byte[] array);

    /** A block over the same array, for consecutive rows. */
    B block(Column column);
}
