// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Columns over bytes and over integers. */
class ColumnTest {
    @Test
    void integersAreLittleEndianBytes() {
        Column column = new Column(new long[] {1, -1, 0x0102030405060708L}, new int[] {16, 0}, new int[] {8, 8}, 2);
        assertEquals(24, column.size());
        assertArrayEquals(new byte[] {8, 7, 6, 5, 4, 3, 2, 1}, column.row(0));
        assertArrayEquals(new byte[] {1, 0, 0, 0, 0, 0, 0, 0}, column.row(1));
    }

    @Test
    void aRowOutsideTheIntegersIsAnError() {
        Column column = new Column(new long[2], new int[] {0, 8}, new int[] {16, 16}, 2);
        column.check(0);
        HeadcountException thrown = assertThrows(HeadcountException.class, () -> column.check(1));
        assertEquals(ErrorCode.ARGUMENT, thrown.code());
        assertEquals("column: row 1 is 16 bytes at 8, outside the column's 16", thrown.getMessage());
    }

    @Test
    void aColumnIsOverOneArray() {
        int[] none = {};
        assertThrows(IllegalArgumentException.class, () -> new Column((byte[]) null, none, none, 0));
        assertThrows(IllegalArgumentException.class, () -> new Column(new byte[1], new long[1], none, none, 0));
    }
}
