// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ArraySliceTest {
    @Test
    void sliceOutsideItsArrayIsRejected() {
        int[][] outside = {{-1, 1}, {0, 5}, {4, 1}, {3, 2}, {0, -1}, {Integer.MAX_VALUE, Integer.MAX_VALUE}};
        for (int[] each : outside) {
            assertThrows(IndexOutOfBoundsException.class, () -> ArraySlice.of(new byte[4], each[0], each[1]));
            assertThrows(IndexOutOfBoundsException.class, () -> ArraySlice.of(new int[4], each[0], each[1]));
            assertThrows(IndexOutOfBoundsException.class, () -> ArraySlice.of(new long[4], each[0], each[1]));
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> ArraySlice.of(new double[4]).part(each[0], each[1]));
        }
    }

    @Test
    void partOutsideItsSliceIsRejected() {
        ArraySlice slice = ArraySlice.of(new int[10], 2, 6);
        ArraySlice part = slice.part(1, 5);
        assertEquals("3 5 12 20", part.from() + " " + part.count() + " " + part.offset() + " " + part.bytes());
        assertThrows(IndexOutOfBoundsException.class, () -> slice.part(1, 6));
        assertThrows(IndexOutOfBoundsException.class, () -> part.part(-1, 1));
    }
}
