// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.functions;

import io.github.headcounthll.core.api.Scalar;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;

/**
 * A signature as Spark has it. Sketches are BINARY.
 *
 * @param scalar the function of the library that is called for each row; null for an operation without one
 */
public record SparkFunction(
        String name, Operation operation, Scalar scalar, List<Parameter> parameters, DataType result, String doc)
        implements Serializable {
    /** A parameter and its type. */
    public record Parameter(String name, DataType type) implements Serializable {}

    /** What a function does with a row. */
    public enum Operation {
        /** Calls a function of the library. */
        SCALAR,
        /** Checks a sketch and returns it. */
        CHECK,
        /** Checks a sketch and returns it, or NULL if it is invalid. */
        TRY_CHECK,
        /** Unites the sketches of an array. */
        UNION_ARRAY,
        /** Unites the sketches of a group. */
        MERGE,
        /** Unites the sketches of a group whose condition is true. */
        FILTERED_MERGE,
        /** Adds the ids of a group, by their bytes. */
        ADD,
        /** Adds the integers of a group, by their decimal text. */
        ADD_INT64;

        /** Whether the function is an aggregate. */
        public boolean isAggregate() {
            return compareTo(MERGE) >= 0;
        }
    }

    /** The types of the parameters. */
    public DataType[] types() {
        return parameters.stream().map(Parameter::type).toArray(DataType[]::new);
    }

    /** The name and the types of the parameters, such as {@code hll_create(string, bigint)}. */
    public String signature() {
        return name
                + parameters.stream()
                        .map(parameter -> parameter.type().catalogString())
                        .collect(Collectors.joining(", ", "(", ")"));
    }
}
