// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import io.github.headcounthll.core.api.Arguments;
import io.github.headcounthll.core.api.Column;

/**
 * A range of rows of one column, or of two parallel columns, for one call: as many rows as take about ten microseconds,
 * or a single row that takes longer.
 */
public final class RowRange {
    /** Bytes of sketches that a brief call takes; what takes longest is sparse ones, at about a nanosecond a byte. */
    private static final int BRIEF_BYTES = 1 << 17;
    /** A row's own cost, in bytes. */
    private static final int ROW_BYTES = 1 << 10;

    private static final byte[] NO_BYTES = {};

    /** Without byte strings, rows of length 0. */
    private final Column a;

    private final Column b;
    private final int from;
    private final int to;
    private final boolean isLong;

    /** @param b null when there is one column */
    private RowRange(Column a, Column b, int from) {
        this.a = a;
        this.b = b;
        this.from = from;
        long bytes = cost(from);
        isLong = bytes > BRIEF_BYTES;
        int end = from + 1;
        while (end < a.rows() && bytes + cost(end) <= BRIEF_BYTES) {
            bytes += cost(end++);
        }
        to = end;
    }

    /** Does one row of this length take long? */
    public static boolean isLong(int length) {
        return (long) length + ROW_BYTES > BRIEF_BYTES;
    }

    /** The first rows of a column; null if it has none. */
    static RowRange first(Column column) {
        return column.rows() == 0 ? null : new RowRange(column, null, 0);
    }

    /** The first rows of two columns; null if they have none. */
    static RowRange first(Column a, Column b) {
        if (a.rows() != b.rows()) {
            throw new IllegalArgumentException("columns of " + a.rows() + " and " + b.rows() + " rows side by side");
        }
        return a.rows() == 0 ? null : new RowRange(a, b, 0);
    }

    /** The first rows of a call; null if it has none. A function without columns is called once. */
    static RowRange first(Arguments arguments) {
        if (arguments.a() == null) {
            return first(new Column(NO_BYTES, new int[arguments.rows()], new int[arguments.rows()], arguments.rows()));
        }
        return arguments.b() == null ? first(arguments.a()) : first(arguments.a(), arguments.b());
    }

    /** The rows after these, or null. */
    RowRange next() {
        return to == a.rows() ? null : new RowRange(a, b, to);
    }

    /** The bytes of all rows of a column; 0 without one. */
    static long totalLength(Column column) {
        long total = 0;
        for (int row = 0; column != null && row < column.rows(); row++) {
            total += Math.max(0, column.lengths()[row]);
        }
        return total;
    }

    private long cost(int row) {
        return ROW_BYTES + Math.max(0, a.lengths()[row]) + (b == null ? 0 : Math.max(0, b.lengths()[row]));
    }

    int from() {
        return from;
    }

    int count() {
        return to - from;
    }

    /** The bytes of all these rows. */
    long totalLength() {
        long total = 0;
        for (int row = from; row < to; row++) {
            total += cost(row) - ROW_BYTES;
        }
        return total;
    }

    /** Their part of an array with {@code width} values for each row of the column. */
    ArraySlice results(ArraySlice out, int width) {
        return out.part(Math.multiplyExact(from, width), Math.multiplyExact(count(), width));
    }

    /** A call that begins with the columns, brief if these rows are. */
    Invocation of(Caller caller, CFunction function) {
        return columns(isLong ? caller.allowLong(function) : caller.brief(function));
    }

    /** A call that begins with the columns and takes long. */
    Invocation ofLengthy(Caller caller, CFunction function) {
        return columns(caller.allowLong(function));
    }

    /** The error of a call whose columns are invalid. */
    private Invocation columns(Invocation call) {
        if (a.data() == NO_BYTES) {
            return call;
        }
        try {
            call.rows(a, from, to);
            return b == null ? call : call.rows(b, from, to);
        } catch (RuntimeException | Error e) {
            call.close();
            throw e;
        }
    }
}
