// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.errors;

import java.lang.reflect.Constructor;
import java.util.Arrays;
import java.util.Map;
import org.apache.spark.QueryContext;
import org.apache.spark.SparkRuntimeException;
import scala.Option;
import scala.collection.immutable.Map.Map1;
import scala.collection.immutable.Map.Map2;

/**
 * Errors of Spark's class with conditions of ours. The constructor that takes any message and condition is private; from
 * Spark 4 on it may have the SQLSTATE as a last argument.
 */
final class SparkErrors {
    private static final int ARGUMENTS = 5;
    private static final Constructor<?> CONSTRUCTOR = constructor();

    private SparkErrors() {}

    private static Constructor<?> constructor() {
        for (Constructor<?> candidate : SparkRuntimeException.class.getDeclaredConstructors()) {
            Class<?>[] types = candidate.getParameterTypes();
            if (types.length >= ARGUMENTS && types[1] == Option.class && types[2] == Option.class) {
                candidate.setAccessible(true);
                return candidate;
            }
        }
        return null;
    }

    /** The error; null if this version of Spark has no such constructor. */
    static RuntimeException of(
            String message, Throwable cause, String condition, String sqlState, Map<String, String> parameters) {
        if (CONSTRUCTOR == null) {
            return null;
        }
        Object[] arguments = {
            message,
            Option.apply(cause),
            Option.apply(condition),
            scalaMap(parameters),
            new QueryContext[0],
            Option.apply(sqlState)
        };
        try {
            return (RuntimeException)
                    CONSTRUCTOR.newInstance(Arrays.copyOf(arguments, CONSTRUCTOR.getParameterCount()));
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            return null;
        }
    }

    private static scala.collection.immutable.Map<String, String> scalaMap(Map<String, String> parameters) {
        String function = parameters.get("function");
        String reason = parameters.get("reason");
        return function == null ? new Map1<>("reason", reason) : new Map2<>("function", function, "reason", reason);
    }
}
