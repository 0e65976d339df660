// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.bench;

/** Holds a contestant to having done its task. */
final class Outcome {
    private Outcome() {}

    static void check(double estimate, double want) {
        if (Math.abs(estimate - want) > 0.1 * want) {
            throw new IllegalStateException("%.0f ids came out, and %.0f went in".formatted(estimate, want));
        }
    }
}
