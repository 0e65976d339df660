package io.github.headcounthll.library;

import io.github.headcounthll.core.Column;
import io.github.headcounthll.core.Functions;
import java.util.function.Function;

/** The stateless calls, columns first, by any way of calling. */
public class LibraryFunctions implements Functions {
    /** Bytes of a sketch of one id, and more. */
    protected static final int SMALL = 64;

    private final Caller caller;

    public LibraryFunctions(Caller caller) {
        this.caller = caller;
    }

    @Override
    public final void check(Column sketches) {
        for (Rows rows = Rows.first(sketches); rows != null; rows = rows.next()) {
            try (Invocation call = rows.of(caller, CFunction.CHECK)) {
                call.number(rows.count()).callForOk(rows.from());
            }
        }
    }

    @Override
    public final void precision(Column sketches, long[] out) {
        values(CFunction.PRECISION, sketches, Stretch.of(out));
    }

    @Override
    public final void cardinality(Column sketches, long[] out) {
        values(CFunction.CARDINALITY, sketches, Stretch.of(out));
    }

    @Override
    public final void compatibleEstimate(Column sketches, double[] out) {
        values(CFunction.COMPATIBLE_ESTIMATE, sketches, Stretch.of(out));
    }

    @Override
    public final void estimate(Column sketches, double[] out) {
        values(CFunction.ESTIMATE, sketches, Stretch.of(out));
    }

    private void values(CFunction function, Column sketches, Stretch out) {
        Stretch wanted = out.part(0, sketches.rows());
        for (Rows rows = Rows.first(sketches); rows != null; rows = rows.next()) {
            try (Invocation call = rows.of(caller, function)) {
                call.number(rows.count()).out(rows.results(wanted, 1)).callForOk(rows.from());
            }
        }
    }

    @Override
    public final void bounds(Column sketches, long sigmas, double[] out) {
        for (Rows rows = Rows.first(sketches); rows != null; rows = rows.next()) {
            try (Invocation call = rows.of(caller, CFunction.BOUNDS)) {
                call.number(rows.count()).number(sigmas).out(rows.results(Stretch.of(out), 2)).callForOk(rows.from());
            }
        }
    }

    @Override
    public final void intersection(Column a, Column b, double[] out) {
        pairs(CFunction.INTERSECTION, a, b, Stretch.of(out), 3);
    }

    @Override
    public final void jaccard(Column a, Column b, double[] out) {
        pairs(CFunction.JACCARD, a, b, Stretch.of(out), 1);
    }

    /** A joint estimate takes long by itself, whatever the size of the sketches. */
    private void pairs(CFunction function, Column a, Column b, Stretch out, int width) {
        for (Rows rows = Rows.first(a, b); rows != null; rows = rows.next()) {
            try (Invocation call = rows.ofLengthy(caller, function)) {
                call.number(rows.count()).out(rows.results(out, width)).callForOk(rows.from());
            }
        }
    }

    // Sketches out.

    @Override
    public final Column create(Column ids, long precision) {
        return sketches(Rows.first(ids), ids.rows(), (long) ids.rows() * SMALL,
                part -> part.of(caller, CFunction.CREATE).number(part.count()).number(precision));
    }

    @Override
    public final byte[] empty(long precision) {
        return sketches(Rows.none(), 1, SMALL, part -> caller.brief(CFunction.EMPTY).number(precision)).row(0);
    }

    @Override
    public final Column union(Column a, Column b) {
        return sketches(Rows.first(a, b), a.rows(), Rows.totalLength(a) + Rows.totalLength(b),
                part -> part.of(caller, CFunction.UNION).number(part.count()));
    }

    @Override
    public final Column reduce(Column sketches, long precision) {
        return sketches(Rows.first(sketches), sketches.rows(), Rows.totalLength(sketches),
                part -> part.of(caller, CFunction.REDUCE).number(part.count()).number(precision));
    }

    /**
     * @param capacity a guess at the bytes of all sketches
     * @param begin makes the call on some of the rows, with its arguments before the output
     */
    private static Column sketches(Rows first, int count, long capacity, Function<Rows, Invocation> begin) {
        WrittenSketches out = new WrittenSketches(count, capacity);
        for (Rows rows = first; rows != null; rows = rows.next()) {
            out.write(rows, rows.totalLength() + (long) rows.count() * SMALL, begin);
        }
        return out.column();
    }
}
