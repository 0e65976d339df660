// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.api;

/**
 * A failed call. The message is written for the author of the query. Only {@link ErrorCode#INTERNAL} has a stack trace:
 * the other codes are expected results, possibly one for each row of a query.
 */
public final class HeadcountException extends RuntimeException {
    private final ErrorCode code;
    private final int row;

    /**
     * Creates the exception.
     *
     * @param row the invalid row, counted from 0 in the call's own column, or -1
     */
    public HeadcountException(ErrorCode code, int row, String message) {
        super(message, null, false, code == ErrorCode.INTERNAL);
        this.code = code;
        this.row = row;
    }

    /** A bug in the library or in its caller, of no particular row. */
    public static HeadcountException internal(String message) {
        return new HeadcountException(ErrorCode.INTERNAL, -1, message);
    }

    /** The reason. */
    public ErrorCode code() {
        return code;
    }

    /**
     * The invalid row, counted from 0 in the call's own column, or -1. For aggregations, which queue rows, this is the
     * index in the batch and has no meaning to a user.
     */
    public int row() {
        return row;
    }
}
