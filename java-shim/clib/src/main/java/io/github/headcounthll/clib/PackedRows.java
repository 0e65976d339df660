// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import io.github.headcounthll.core.api.Column;

/** Adds the rows of a column to a call that copies: small gaps between rows are copied too, large gaps are skipped. */
final class PackedRows {
    private PackedRows() {}

    /** Data, size, starts, lengths. */
    static Invocation addTo(Invocation call, Column column, int from, int count) {
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
        int[] starts = new int[count];
        if (end - (long) first <= 2 * sum) {
            for (int i = 0; i < count; i++) {
                starts[i] = column.starts()[from + i] - first;
            }
            call.in(ArraySlice.of(column.data(), first, end - first)).number(end - first);
        } else {
            call.in(oneByOne(column, from, starts)).number(sum);
        }
        return call.in(ArraySlice.of(starts)).in(ArraySlice.of(column.lengths(), from, count));
    }

    /** The rows without the gaps; sets where each starts. */
    private static ArraySlice[] oneByOne(Column column, int from, int[] starts) {
        ArraySlice[] data = new ArraySlice[starts.length];
        int at = 0;
        for (int i = 0; i < data.length; i++) {
            int length = column.lengths()[from + i];
            data[i] = ArraySlice.of(column.data(), column.starts()[from + i], length);
            starts[i] = at;
            at = Math.addExact(at, length);
        }
        return data;
    }
}
