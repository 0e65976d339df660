package io.github.headcounthll.ffm;

import static java.lang.foreign.MemorySegment.ofArray;

import io.github.headcounthll.ffm.Library.Calls;
import io.github.headcounthll.library.LibraryFunctions;
import io.github.headcounthll.library.Rows;
import io.github.headcounthll.library.Status;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The stateless calls. What engines call row by row (check, cardinality and their like, create) is spelled out, so
 * that the JVM compiles it into the call itself.
 */
final class NativeFunctions extends LibraryFunctions {
    private static final int[] ZERO = {0};

    NativeFunctions() {
        super(Library.THE);
    }

    @Override
    public void check(byte[] array, int start, int length) {
        if (Rows.isLong(length)) {
            super.check(array, start, length);
            return;
        }
        byte[] error = new byte[Status.ERROR_SIZE];
        int status;
        try {
            status = (int) Calls.CHECK.critical().invokeExact(
                    row(array, start, length), (long) length, ofArray(ZERO), ofArray(new int[] {length}), 1, ofArray(error));
        } catch (Throwable t) {
            throw ForeignInvocation.unexpected(t);
        }
        expectOk(status, error);
    }

    @Override
    public long precision(byte[] array, int start, int length) {
        if (Rows.isLong(length)) {
            return super.precision(array, start, length);
        }
        byte[] error = new byte[Status.ERROR_SIZE];
        long[] out = new long[1];
        int status;
        try {
            status = (int) Calls.PRECISION.critical().invokeExact(
                    row(array, start, length), (long) length, ofArray(ZERO), ofArray(new int[] {length}), 1,
                    ofArray(out), ofArray(error));
        } catch (Throwable t) {
            throw ForeignInvocation.unexpected(t);
        }
        expectOk(status, error);
        return out[0];
    }

    @Override
    public long cardinality(byte[] array, int start, int length) {
        if (Rows.isLong(length)) {
            return super.cardinality(array, start, length);
        }
        byte[] error = new byte[Status.ERROR_SIZE];
        long[] out = new long[1];
        int status;
        try {
            status = (int) Calls.CARDINALITY.critical().invokeExact(
                    row(array, start, length), (long) length, ofArray(ZERO), ofArray(new int[] {length}), 1,
                    ofArray(out), ofArray(error));
        } catch (Throwable t) {
            throw ForeignInvocation.unexpected(t);
        }
        expectOk(status, error);
        return out[0];
    }

    @Override
    public double estimate(byte[] array, int start, int length) {
        if (Rows.isLong(length)) {
            return super.estimate(array, start, length);
        }
        byte[] error = new byte[Status.ERROR_SIZE];
        double[] out = new double[1];
        int status;
        try {
            status = (int) Calls.ESTIMATE.critical().invokeExact(
                    row(array, start, length), (long) length, ofArray(ZERO), ofArray(new int[] {length}), 1,
                    ofArray(out), ofArray(error));
        } catch (Throwable t) {
            throw ForeignInvocation.unexpected(t);
        }
        expectOk(status, error);
        return out[0];
    }

    @Override
    public byte[] create(byte[] array, int start, int length, long precision) {
        if (Rows.isLong(length)) {
            return super.create(array, start, length, precision);
        }
        byte[] error = new byte[Status.ERROR_SIZE];
        byte[] out = new byte[SMALL];
        int[] end = new int[1];
        int status;
        try {
            status = (int) Calls.CREATE.critical().invokeExact(
                    row(array, start, length), (long) length, ofArray(ZERO), ofArray(new int[] {length}), 1, precision,
                    ofArray(out), (long) out.length, ofArray(end), ofArray(new long[3]), ofArray(error));
        } catch (Throwable t) {
            throw ForeignInvocation.unexpected(t);
        }
        if (status == Status.ROOM) {
            return super.create(array, start, length, precision);
        }
        expectOk(status, error);
        return Arrays.copyOf(out, end[0]);
    }

    @Override
    public byte[] union(byte[] a, int aStart, int aLength, byte[] b, int bStart, int bLength) {
        if (Rows.isLong(aLength) || Rows.isLong(bLength)) {
            return super.union(a, aStart, aLength, b, bStart, bLength);
        }
        byte[] error = new byte[Status.ERROR_SIZE];
        byte[] out = new byte[Math.max(aLength, bLength) + SMALL];
        int[] end = new int[1];
        int status;
        try {
            status = (int) Calls.UNION.critical().invokeExact(
                    row(a, aStart, aLength), (long) aLength, ofArray(ZERO), ofArray(new int[] {aLength}),
                    row(b, bStart, bLength), (long) bLength, ofArray(ZERO), ofArray(new int[] {bLength}), 1,
                    ofArray(out), (long) out.length, ofArray(end), ofArray(new long[3]), ofArray(error));
        } catch (Throwable t) {
            throw ForeignInvocation.unexpected(t);
        }
        if (status == Status.ROOM) {
            return super.union(a, aStart, aLength, b, bStart, bLength);
        }
        expectOk(status, error);
        return Arrays.copyOf(out, end[0]);
    }

    private static MemorySegment row(byte[] array, int start, int length) {
        return ofArray(array).asSlice(start, length);
    }

    private static void expectOk(int status, byte[] error) {
        if (status != Status.OK) {
            throw Status.refusal(status, error, 0);
        }
    }
}
