// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core;

/**
 * An engine's columns of byte strings, as {@link ScalarCalls} reads them.
 *
 * @param <B> a block of rows
 * @param <V> a value: some bytes of an array
 */
public interface Blocks<B, V> {
    /** The block that holds the values of one that only points at them, as a dictionary's ids do; else itself. */
    default B holder(B block) {
        return block;
    }

    /** Where a row's value is in {@link #holder(Object)}. */
    default int position(B block, int row) {
        return row;
    }

    int rows(B block);

    /** How many bytes its values have, more or less. */
    long size(B block);

    boolean isNull(B block, int row);

    /** A row that is not NULL. The same row is the same stretch of the same array each time. */
    V value(B block, int row);

    /** Where a value lies. */
    Bytes bytes(V value);

    /** A value over a whole array. */
    V value(byte[] array);

    /** A block over the same array, for rows that lie one after the other. */
    B block(Column column);
}
