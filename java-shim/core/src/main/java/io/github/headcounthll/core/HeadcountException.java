// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core;

/**
 * A refused call. The message is written for the person who wrote the query. Only {@link ErrorCode#INTERNAL} carries a
 * stack trace: the others are answers, and a query may get one for each of its rows.
 */
public final class HeadcountException extends RuntimeException {
    private final ErrorCode code;
    private final int row;

    /**
     * @param row the row at fault, counted from 0 in the call's own column, or -1
     */
    public HeadcountException(ErrorCode code, int row, String message) {
        super(message, null, false, code == ErrorCode.INTERNAL);
        this.code = code;
        this.row = row;
    }

    /** Why the call was refused. */
    public ErrorCode code() {
        return code;
    }

    /**
     * The row at fault, counted from 0 in the column of the call, or -1. An aggregation queues rows: there it is
     * the row's place in the batch, which says nothing to a user.
     */
    public int row() {
        return row;
    }
}
