// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import io.github.headcounthll.core.api.Arguments;
import io.github.headcounthll.core.api.Column;

/**
 * A range of rows of one column, or of two parallel columns, for one call: as many rows as take about ten microseconds,
 * or a single row that takes longer.
 */
public final class RowRange {
    /** The most bytes of sketches in a brief call. Sparse sketches are the slowest, at about a nanosecond per byte. */
    private static final int BRIEF_BYTES = 1 << 17;
    /** The cost of a row itself, in bytes. */
    private static final int ROW_BYTES = 1 << 10;

    private static final byte[] NO_BYTES = {};

    /** Rows of length 0 if there are no byte strings. */
    private final Column a;

    private final Column b;
    private final int from;
    private final int to;
    /** What these rows cost, in bytes. */
    private final long cost;

    /** @param b null with one column */
    private RowRange(Column a, Column b, int from) {
        this.a = a;
        this.b = b;
        this.from = from;
        long sum = cost(from);
        int end = from + 1;
        while (end < a.rows() && sum + cost(end) <= BRIEF_BYTES) {
            sum += cost(end++);
        }
        to = end;
        cost = sum;
    }

    /** Returns whether one row of this length exceeds a brief call. */
    public static boolean isLong(int length) {
        return (long) length + ROW_BYTES > BRIEF_BYTES;
    }

    /** The first rows of a call; null if it has none. A function without columns is called once. */
    static RowRange first(Arguments arguments) {
        int rows = arguments.rows();
        Column a = arguments.a() == null ? new Column(NO_BYTES, new int[rows], new int[rows], rows) : arguments.a();
        Column b = arguments.b();
        if (b != null && a.rows() != b.rows()) {
            throw new IllegalArgumentException("columns of " + a.rows() + " and " + b.rows() + " rows side by side");
        }
        return a.rows() == 0 ? null : new RowRange(a, b, 0);
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
        return cost - (long) count() * ROW_BYTES;
    }

    /** A call that starts with the columns, and may take long if its rows do. Throws the error of an invalid row. */
    Invocation of(Caller caller, CFunction function, boolean allowLong) {
        Invocation call = cost > BRIEF_BYTES || allowLong ? caller.allowLong(function) : caller.brief(function);
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
