// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

/**
 * Sets of ids whose cardinality at precision 12 the original library has computed: client-00000000 and on, as in
 * udf/conformance/vectors/hll/sets.jsonl.
 */
final class Clients {
    /** Sizes of sets that start at client 0, and what Algebird counts. */
    static final long[][] COUNTED = {
        {1, 1}, {2, 2}, {3, 3}, {4, 4}, {5, 5}, {6, 6}, {10, 10}, {20, 20}, {100, 101}, {1_000, 993}, {10_000, 10_511}
    };

    private Clients() {}

    /** What Algebird counts in the first {@code n} clients. */
    static long counted(long n) {
        for (long[] pair : COUNTED) {
            if (pair[0] == n) {
                return pair[1];
            }
        }
        throw new IllegalArgumentException("no vector of " + n + " clients");
    }

    /** SQL for the id of client number {@code x}, an expression. */
    static String id(String x) {
        return "('client-' || lpad(cast(" + x + " AS varchar), 8, '0'))";
    }

    /** A relation of the first {@code n} clients, at most 10,000: number x, id. */
    static String first(long n) {
        return "(SELECT x, " + id("x") + " AS id FROM UNNEST(sequence(0, " + (n - 1) + ")) AS s (x))";
    }
}
