// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.headcounthll.core.api.Bytes;
import io.github.headcounthll.core.api.Column;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ColumnBuilderTest {
    private static final byte[] FIRST = "first array".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SECOND = "second".getBytes(StandardCharsets.US_ASCII);

    @Test
    void rowsOfOneArrayStayWhereTheyLie() {
        ColumnBuilder builder = new ColumnBuilder(4);
        builder.add(new Bytes(new byte[0], 0, 0));
        builder.add(new Bytes(FIRST, 6, 5));
        builder.add(new Bytes(FIRST, 0, 5));
        Column column = builder.column();
        assertSame(FIRST, column.data());
        assertRows(column, "", "array", "first");
    }

    @Test
    void rowsOfSeveralArraysAreCopied() {
        ColumnBuilder builder = new ColumnBuilder(6);
        builder.add(new Bytes(FIRST, 6, 5));
        builder.add(new Bytes(SECOND, 0, 6));
        builder.add(new Bytes(new byte[0], 0, 0));
        builder.add(new Bytes(FIRST, 0, 5));
        builder.add(new Bytes(SECOND, 3, 3));
        Column column = builder.column();
        assertNotSame(FIRST, column.data());
        assertRows(column, "array", "second", "", "first", "ond");
    }

    @Test
    void noRowsAreAnEmptyColumn() {
        assertEquals(0, new ColumnBuilder(0).column().rows());
    }

    private static void assertRows(Column column, String... rows) {
        assertEquals(rows.length, column.rows());
        for (int i = 0; i < rows.length; i++) {
            assertArrayEquals(rows[i].getBytes(StandardCharsets.US_ASCII), column.row(i), "row " + i);
        }
    }
}
