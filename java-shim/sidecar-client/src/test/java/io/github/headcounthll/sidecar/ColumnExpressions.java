// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import java.util.stream.Stream;

/**
 * SQL expressions over a column b of varbinary sketches of one id each and a column id, for the tests of every plugin.
 * Each counts the rows in which b is not NULL.
 */
public final class ColumnExpressions {
    private ColumnExpressions() {}

    /** Those that take a column by the block. */
    public static Stream<String> byBlock() {
        return Stream.of(
                "sum(if(cast(b AS HLL) IS NULL, 0, 1))",
                "count(cast(b AS HLL))",
                "sum(hll_cardinality(b))",
                "sum(cardinality(cast(b AS HLL)))",
                "sum(hll_cardinality(cast(b AS HLL)))",
                "count_if(hll_precision(cast(b AS HLL)) = 12)",
                "count_if(round(hll_estimate(cast(b AS HLL))) = 1)",
                "count_if(hll_bounds(cast(b AS HLL), 2).lower = 1)",
                "count_if(hll_bounds(cast(b AS HLL), 1).lower <= hll_bounds(cast(b AS HLL), 2).upper)",
                "count_if(hll_precision(hll_reduce(cast(b AS HLL), 8)) = 8)",
                "sum(cardinality(hll_create(id))) FILTER (WHERE b IS NOT NULL)",
                "sum(cardinality(hll_create(id, 14))) FILTER (WHERE b IS NOT NULL)");
    }
}
