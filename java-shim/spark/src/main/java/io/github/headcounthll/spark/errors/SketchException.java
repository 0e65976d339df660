// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.errors;

import io.github.headcounthll.core.api.ErrorCode;
import io.github.headcounthll.core.api.HeadcountException;
import java.util.Map;
import org.apache.spark.QueryContext;
import org.apache.spark.SparkRuntimeException;
import scala.collection.immutable.Map.Map1;

/**
 * An error of a function, with an error condition and an SQLSTATE as Spark's own errors have. The constructor of Spark's
 * class accepts only conditions of Spark's own list, so it gets one of them, and the methods here return ours.
 */
public final class SketchException extends SparkRuntimeException {
    private final String message;
    private final String condition;
    private final String sqlState;
    private final Map<String, String> parameters;

    SketchException(String condition, String sqlState, Map<String, String> parameters, String message) {
        super("INTERNAL_ERROR", new Map1<>("message", message), null, new QueryContext[0], "");
        this.message = "[" + condition + "] " + message + " SQLSTATE: " + sqlState;
        this.condition = condition;
        this.sqlState = sqlState;
        this.parameters = parameters;
    }

    /** The error of a call of the function {@code name}. */
    public static SketchException of(String name, HeadcountException e) {
        return of(name, e.code(), e.getMessage());
    }

    private static SketchException of(String name, ErrorCode code, String reason) {
        String condition = switch (code) {
            case MALFORMED -> "HEADCOUNT_MALFORMED_SKETCH";
            case PRECISION_RANGE -> "HEADCOUNT_PRECISION_OUT_OF_RANGE";
            case PRECISION_MISMATCH -> "HEADCOUNT_PRECISION_MISMATCH";
            case TOO_LARGE -> "HEADCOUNT_RESULT_TOO_LARGE";
            case ARGUMENT -> "HEADCOUNT_INVALID_ARGUMENT";
            default -> "HEADCOUNT_INTERNAL";
        };
        String sqlState = switch (code) {
            case MALFORMED, PRECISION_RANGE, ARGUMENT -> "22546";
            case PRECISION_MISMATCH -> "22000";
            case TOO_LARGE -> "54000";
            default -> "XX000";
        };
        return new SketchException(
                condition, sqlState, Map.of("function", name, "reason", reason), "`" + name + "`: " + reason + ".");
    }

    /** The error of a process that cannot load the library. */
    public static SketchException unusable(String reason) {
        return new SketchException("HEADCOUNT_LIBRARY", "58000", Map.of("reason", reason), reason + ".");
    }

    /**
     * What a task sends to the driver: an error of Spark's own class. The driver does not know this class in a session of
     * Spark Connect that brings the jar as an artifact, and would report a failed task without its reason.
     */
    private Object writeReplace() {
        RuntimeException known = SparkErrors.of(message, getCause(), condition, sqlState, parameters);
        if (known == null) {
            return this;
        }
        known.setStackTrace(getStackTrace());
        return known;
    }

    @Override
    public String getMessage() {
        return message;
    }

    /** The error condition, as Spark 4 names it. */
    public String getCondition() {
        return condition;
    }

    @Override
    public String getErrorClass() {
        return condition;
    }

    @Override
    public String getSqlState() {
        return sqlState;
    }

    @Override
    public boolean isInternalError() {
        return sqlState.equals("XX000");
    }

    @Override
    public Map<String, String> getMessageParameters() {
        return parameters;
    }
}
