// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.api;

/**
 * The part of {@link Functions} that a backend implements: a call over columns for each kind of result. An invalid row
 * fails the whole call.
 */
public interface ScalarCaller {
    /** Calls a function without a result. */
    void check(Scalar function, Arguments arguments);

    /** Calls a function whose result for row i is {@code out[i]}. */
    void int64(Scalar function, Arguments arguments, long[] out);

    /** Calls a function whose results for row i are the {@link Scalar#width} doubles from {@code out[i * width]}. */
    void float64(Scalar function, Arguments arguments, double[] out);

    /** Calls a function whose result for row i is row i of the column it returns. */
    Column sketches(Scalar function, Arguments arguments);
}
