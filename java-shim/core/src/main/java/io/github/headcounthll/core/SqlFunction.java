// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core;

import java.util.List;

/**
 * A signature of the function table, as an engine registers it.
 *
 * @param name its name in SQL
 * @param parameters in their order
 * @param result the SQL type of the result
 * @param scalar what to call for each row; null of an aggregate, and of a union over an array
 * @param aggregate what to do with each row; null of any other function
 * @param doc one line of text
 * @param example a query
 * @param exampleResult what the query returns, as text
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
        ADD_INT64
    }
}
