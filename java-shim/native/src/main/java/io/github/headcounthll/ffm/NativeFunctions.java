package io.github.headcounthll.ffm;

import static java.lang.foreign.MemorySegment.ofArray;

import io.github.headcounthll.core.Column;
import io.github.headcounthll.core.Functions;
import io.github.headcounthll.ffm.Library.Calls;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/**
 * The stateless calls. What engines call row by row (check, cardinality and their like, create) is spelled out, so
 * that the JVM compiles it into the call itself; the rest goes through {@link Invocation}.
 */
final class NativeFunctions implements Functions {
    private static final int[] ZERO = {0};
    /** Bytes of a sketch of one id, and more. */
    private static final int SMALL = 64;

    // One sketch at a time.

    @Override
    public void check(byte[] array, int start, int length) {
        if (Rows.isLong(length)) {
            Functions.super.check(array, start, length);
            return;
        }
        MemorySegment error = error();
        int status;
        try {
            status = (int) Calls.C.check().critical().invokeExact(
                    row(array, start, length), (long) length, ofArray(ZERO), ofArray(new int[] {length}), 1, error);
        } catch (Throwable t) {
            throw Status.unexpected(t);
        }
        expectOk(status, error);
    }

    @Override
    public long precision(byte[] array, int start, int length) {
        if (Rows.isLong(length)) {
            return Functions.super.precision(array, start, length);
        }
        MemorySegment error = error();
        long[] out = new long[1];
        int status;
        try {
            status = (int) Calls.C.precision().critical().invokeExact(
                    row(array, start, length), (long) length, ofArray(ZERO), ofArray(new int[] {length}), 1,
                    ofArray(out), error);
        } catch (Throwable t) {
            throw Status.unexpected(t);
        }
        expectOk(status, error);
        return out[0];
    }

    @Override
    public long cardinality(byte[] array, int start, int length) {
        if (Rows.isLong(length)) {
            return Functions.super.cardinality(array, start, length);
        }
        MemorySegment error = error();
        long[] out = new long[1];
        int status;
        try {
            status = (int) Calls.C.cardinality().critical().invokeExact(
                    row(array, start, length), (long) length, ofArray(ZERO), ofArray(new int[] {length}), 1,
                    ofArray(out), error);
        } catch (Throwable t) {
            throw Status.unexpected(t);
        }
        expectOk(status, error);
        return out[0];
    }

    @Override
    public double estimate(byte[] array, int start, int length) {
        if (Rows.isLong(length)) {
            return Functions.super.estimate(array, start, length);
        }
        MemorySegment error = error();
        double[] out = new double[1];
        int status;
        try {
            status = (int) Calls.C.estimate().critical().invokeExact(
                    row(array, start, length), (long) length, ofArray(ZERO), ofArray(new int[] {length}), 1,
                    ofArray(out), error);
        } catch (Throwable t) {
            throw Status.unexpected(t);
        }
        expectOk(status, error);
        return out[0];
    }

    @Override
    public byte[] create(byte[] array, int start, int length, long precision) {
        if (Rows.isLong(length)) {
            return Functions.super.create(array, start, length, precision);
        }
        MemorySegment error = error();
        byte[] out = new byte[SMALL];
        int[] end = new int[1];
        int status;
        try {
            status = (int) Calls.C.create().critical().invokeExact(
                    row(array, start, length), (long) length, ofArray(ZERO), ofArray(new int[] {length}), 1, precision,
                    ofArray(out), (long) out.length, ofArray(end), ofArray(new long[3]), error);
        } catch (Throwable t) {
            throw Status.unexpected(t);
        }
        if (status == Status.ROOM) {
            return Functions.super.create(array, start, length, precision);
        }
        expectOk(status, error);
        return Arrays.copyOf(out, end[0]);
    }

    @Override
    public byte[] union(byte[] a, int aStart, int aLength, byte[] b, int bStart, int bLength) {
        if (Rows.isLong(aLength) || Rows.isLong(bLength)) {
            return Functions.super.union(a, aStart, aLength, b, bStart, bLength);
        }
        MemorySegment error = error();
        byte[] out = new byte[Math.max(aLength, bLength) + SMALL];
        int[] end = new int[1];
        int status;
        try {
            status = (int) Calls.C.union().critical().invokeExact(
                    row(a, aStart, aLength), (long) aLength, ofArray(ZERO), ofArray(new int[] {aLength}),
                    row(b, bStart, bLength), (long) bLength, ofArray(ZERO), ofArray(new int[] {bLength}), 1,
                    ofArray(out), (long) out.length, ofArray(end), ofArray(new long[3]), error);
        } catch (Throwable t) {
            throw Status.unexpected(t);
        }
        if (status == Status.ROOM) {
            return Functions.super.union(a, aStart, aLength, b, bStart, bLength);
        }
        expectOk(status, error);
        return Arrays.copyOf(out, end[0]);
    }

    private static MemorySegment row(byte[] array, int start, int length) {
        return ofArray(array).asSlice(start, length);
    }

    private static MemorySegment error() {
        return ofArray(new byte[Status.ERROR_SIZE]);
    }

    private static void expectOk(int status, MemorySegment error) {
        if (status != Status.OK) {
            throw Status.refusal(status, error, 0);
        }
    }

    // Columns.

    @Override
    public void check(Column sketches) {
        for (Rows rows = Rows.first(sketches); rows != null; rows = rows.next()) {
            try (Invocation call = rows.of(Calls.C.check())) {
                call.number(rows.count()).callForOk(rows.from());
            }
        }
    }

    @Override
    public void precision(Column sketches, long[] out) {
        values(Calls.C.precision(), sketches, ofArray(out));
    }

    @Override
    public void cardinality(Column sketches, long[] out) {
        values(Calls.C.cardinality(), sketches, ofArray(out));
    }

    @Override
    public void compatibleEstimate(Column sketches, double[] out) {
        values(Calls.C.compatibleEstimate(), sketches, ofArray(out));
    }

    @Override
    public void estimate(Column sketches, double[] out) {
        values(Calls.C.estimate(), sketches, ofArray(out));
    }

    private static void values(Export export, Column sketches, MemorySegment out) {
        Objects.checkFromIndexSize(0, (long) sketches.rows() * Long.BYTES, out.byteSize());
        for (Rows rows = Rows.first(sketches); rows != null; rows = rows.next()) {
            try (Invocation call = rows.of(export)) {
                call.number(rows.count()).out(rows.results(out, 1)).callForOk(rows.from());
            }
        }
    }

    @Override
    public void bounds(Column sketches, long sigmas, double[] out) {
        for (Rows rows = Rows.first(sketches); rows != null; rows = rows.next()) {
            try (Invocation call = rows.of(Calls.C.bounds())) {
                call.number(rows.count()).number(sigmas).out(rows.results(ofArray(out), 2)).callForOk(rows.from());
            }
        }
    }

    @Override
    public void intersection(Column a, Column b, double[] out) {
        pairs(Calls.C.intersection(), a, b, ofArray(out), 3);
    }

    @Override
    public void jaccard(Column a, Column b, double[] out) {
        pairs(Calls.C.jaccard(), a, b, ofArray(out), 1);
    }

    /** A joint estimate takes long by itself, whatever the size of the sketches. */
    private static void pairs(Export export, Column a, Column b, MemorySegment out, int width) {
        for (Rows rows = Rows.first(a, b); rows != null; rows = rows.next()) {
            try (Invocation call = rows.ofLengthy(export)) {
                call.number(rows.count()).out(rows.results(out, width)).callForOk(rows.from());
            }
        }
    }

    // Sketches out.

    @Override
    public Column create(Column ids, long precision) {
        WrittenSketches out = new WrittenSketches(ids.rows(), (long) ids.rows() * SMALL);
        for (Rows rows = Rows.first(ids); rows != null; rows = rows.next()) {
            out.write(rows, part -> part.of(Calls.C.create()).number(part.count()).number(precision));
        }
        return out.column();
    }

    @Override
    public byte[] empty(long precision) {
        WrittenSketches out = new WrittenSketches(1, SMALL);
        out.write(Rows.none(), part -> Invocation.brief(Calls.C.empty()).number(precision));
        return out.column().row(0);
    }

    @Override
    public Column union(Column a, Column b) {
        WrittenSketches out = new WrittenSketches(a.rows(), Rows.totalLength(a) + Rows.totalLength(b));
        for (Rows rows = Rows.first(a, b); rows != null; rows = rows.next()) {
            out.write(rows, part -> part.of(Calls.C.union()).number(part.count()));
        }
        return out.column();
    }

    @Override
    public Column reduce(Column sketches, long precision) {
        WrittenSketches out = new WrittenSketches(sketches.rows(), Rows.totalLength(sketches));
        for (Rows rows = Rows.first(sketches); rows != null; rows = rows.next()) {
            out.write(rows, part -> part.of(Calls.C.reduce()).number(part.count()).number(precision));
        }
        return out.column();
    }
}
