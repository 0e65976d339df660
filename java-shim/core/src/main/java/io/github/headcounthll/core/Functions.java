package io.github.headcounthll.core;

/**
 * The stateless calls of a backend; one method for each function of headcount.h. Every method may be called from any
 * thread at any time, and throws {@link HeadcountException} when it is refused.
 *
 * <p>The column forms are the backend's own. The forms over one row of an array are for engines that evaluate a
 * function row by row. There are no NULLs: callers leave them out. A bad row refuses the whole column; the exception
 * names it.
 */
public interface Functions {
    /** Is every row a sketch? The one door for foreign bytes. */
    void check(Column sketches);

    /** {@code out[i]}: the precision, 4 to 24. */
    void precision(Column sketches, long[] out);

    /** {@code out[i]}: exactly spark-hyperloglog's hll_cardinality. */
    void cardinality(Column sketches, long[] out);

    /** {@code out[i]}: Algebird's estimate before it is truncated to a cardinality. */
    void compatibleEstimate(Column sketches, double[] out);

    /** {@code out[i]}: Ertl's improved estimate (hll_estimate). */
    void estimate(Column sketches, double[] out);

    /** {@code out[2i], out[2i+1]}: lower and upper bound at 1, 2 or 3 sigmas. */
    void bounds(Column sketches, long sigmas, double[] out);

    /** {@code out[3i..3i+2]}: estimate, lower and upper bound of the intersection of row i of a with row i of b. */
    void intersection(Column a, Column b, double[] out);

    /** {@code out[i]}: the Jaccard index, 0 to 1, of row i of a with row i of b. */
    void jaccard(Column a, Column b, double[] out);

    /** One sketch for each id, hashed by its bytes as they are. */
    Column create(Column ids, long precision);

    /** The empty sketch. */
    byte[] empty(long precision);

    /** Row i of a united with row i of b. */
    Column union(Column a, Column b);

    /** Each row at a smaller precision, from 4 to its own. */
    Column reduce(Column sketches, long precision);

    /** {@link #check(Column)} of one sketch. */
    default void check(byte[] array, int start, int length) {
        check(Column.of(array, start, length));
    }

    /** {@link #precision(Column, long[])} of one sketch. */
    default long precision(byte[] array, int start, int length) {
        long[] out = new long[1];
        precision(Column.of(array, start, length), out);
        return out[0];
    }

    /** {@link #cardinality(Column, long[])} of one sketch. */
    default long cardinality(byte[] array, int start, int length) {
        long[] out = new long[1];
        cardinality(Column.of(array, start, length), out);
        return out[0];
    }

    /** {@link #compatibleEstimate(Column, double[])} of one sketch. */
    default double compatibleEstimate(byte[] array, int start, int length) {
        double[] out = new double[1];
        compatibleEstimate(Column.of(array, start, length), out);
        return out[0];
    }

    /** {@link #estimate(Column, double[])} of one sketch. */
    default double estimate(byte[] array, int start, int length) {
        double[] out = new double[1];
        estimate(Column.of(array, start, length), out);
        return out[0];
    }

    /** Lower and upper bound of one sketch. */
    default double[] bounds(byte[] array, int start, int length, long sigmas) {
        double[] out = new double[2];
        bounds(Column.of(array, start, length), sigmas, out);
        return out;
    }

    /** Estimate, lower and upper bound of the intersection of two sketches. */
    default double[] intersection(byte[] a, int aStart, int aLength, byte[] b, int bStart, int bLength) {
        double[] out = new double[3];
        intersection(Column.of(a, aStart, aLength), Column.of(b, bStart, bLength), out);
        return out;
    }

    /** The Jaccard index of two sketches. */
    default double jaccard(byte[] a, int aStart, int aLength, byte[] b, int bStart, int bLength) {
        double[] out = new double[1];
        jaccard(Column.of(a, aStart, aLength), Column.of(b, bStart, bLength), out);
        return out[0];
    }

    /** The sketch of one id. */
    default byte[] create(byte[] array, int start, int length, long precision) {
        return create(Column.of(array, start, length), precision).row(0);
    }

    /** The union of two sketches. */
    default byte[] union(byte[] a, int aStart, int aLength, byte[] b, int bStart, int bLength) {
        return union(Column.of(a, aStart, aLength), Column.of(b, bStart, bLength)).row(0);
    }

    /** One sketch at a smaller precision. */
    default byte[] reduce(byte[] array, int start, int length, long precision) {
        return reduce(Column.of(array, start, length), precision).row(0);
    }
}
