// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import io.github.headcounthll.core.api.Column;

/** The rows of a column prepared for copying: small gaps between rows are copied too, large gaps are skipped. */
final class PackedRows {
    private final ArraySlice[] data;
    private final long size;
    private final int[] starts;
    private final ArraySlice lengths;

    private PackedRows(ArraySlice[] data, long size, int[] starts, ArraySlice lengths) {
        this.data = data;
        this.size = size;
        this.starts = starts;
        this.lengths = lengths;
    }

    static PackedRows of(Column column, int from, int count) {
        long sum = 0;
        int first = count == 0 ? 0 : column.data().length;
        int end = 0;
        for (int row = from; row < from + count; row++) {
            column.check(row);
            int start = column.starts()[row];
            int length = column.lengths()[row];
            sum += length;
            first = Math.min(first, start);
            end = Math.max(end, start + length);
        }
        ArraySlice lengths = ArraySlice.of(column.lengths(), from, count);
        return end - (long) first <= 2 * sum
                ? together(column, from, count, first, end, lengths)
                : oneByOne(column, from, count, sum, lengths);
    }

    private static PackedRows together(Column column, int from, int count, int first, int end, ArraySlice lengths) {
        int[] starts = new int[count];
        for (int i = 0; i < count; i++) {
            starts[i] = column.starts()[from + i] - first;
        }
        return new PackedRows(
                new ArraySlice[] {ArraySlice.of(column.data(), first, end - first)}, end - first, starts, lengths);
    }

    private static PackedRows oneByOne(Column column, int from, int count, long size, ArraySlice lengths) {
        ArraySlice[] data = new ArraySlice[count];
        int[] starts = new int[count];
        int at = 0;
        for (int i = 0; i < count; i++) {
            int length = column.lengths()[from + i];
            data[i] = ArraySlice.of(column.data(), column.starts()[from + i], length);
            starts[i] = at;
            at = Math.addExact(at, length);
        }
        return new PackedRows(data, size, starts, lengths);
    }

    Invocation addTo(Invocation call) {
        return call.in(data).number(size).in(ArraySlice.of(starts)).in(lengths);
    }
}
