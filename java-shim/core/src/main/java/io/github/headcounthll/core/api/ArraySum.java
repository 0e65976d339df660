// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.api;

/** How arrays of integers are added. */
public enum ArraySum {
    /** Arrays that end with sum and count: these are added to each other, whatever the lengths of the arrays. */
    HISTOGRAMS("aggregate_histograms"),
    /** Element by element. */
    ARRAYS("histogram_sum");

    private final String sqlName;

    ArraySum(String sqlName) {
        this.sqlName = sqlName;
    }

    /** Its name in SQL and in the sidecar's protocol. */
    public String sqlName() {
        return sqlName;
    }
}
