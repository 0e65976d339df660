// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.api;

import java.util.List;

/**
 * A signature of the function table, as an engine registers it.
 *
 * @param name its SQL name
 * @param parameters the parameters in order
 * @param result the SQL type of the result
 * @param scalar the function to call for each row; null for an aggregate and for a union over an array
 * @param aggregate the operation for each row; null for any other function
 * @param doc one line of documentation
 * @param example a query
 * @param exampleResult the result of the query, as text
 */
public record SqlFunction(
        String name,
        List<Parameter> parameters,
        String result,
        Scalar scalar,
        Aggregate aggregate,
        String doc,
        String example,
        String exampleResult) {
    /** @param type an SQL type */
    public record Parameter(String name, String type) {}

    /** The method of {@link GroupedSketches} that takes a row. */
    public enum Aggregate {
        MERGE,
        ADD,
        ADD_INT64,
        /** {@link GroupedSketches#merge} of {@link ArraySum#HISTOGRAMS}. */
        AGGREGATE_HISTOGRAMS,
        /** {@link GroupedSketches#merge} of {@link ArraySum#ARRAYS}. */
        SUM_ARRAYS
    }
}
