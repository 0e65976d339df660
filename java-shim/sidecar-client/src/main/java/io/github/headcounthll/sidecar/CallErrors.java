// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.api.ErrorCode;
import io.github.headcounthll.core.api.HeadcountException;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;

/**
 * Turns the status of a call into a {@link HeadcountException}.
 *
 * @param address of the server, for messages
 */
record CallErrors(String address) {
    private static final Metadata.Key<String> CODE =
            Metadata.Key.of("headcount-code", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> ROW = Metadata.Key.of("headcount-row", Metadata.ASCII_STRING_MARSHALLER);

    HeadcountException of(String function, Status status, Metadata trailers) {
        String code = trailers == null ? null : trailers.get(CODE);
        if (code != null) {
            return row(code, trailers.get(ROW), description(status));
        }
        if (status.getCause() instanceof IOException) { // the connection was lost; gRPC may report it as UNKNOWN
            return unavailable(status.getCode() + ", " + description(status));
        }
        return switch (status.getCode()) {
            case UNAVAILABLE,
                    CANCELLED,
                    UNAUTHENTICATED,
                    PERMISSION_DENIED,
                    UNIMPLEMENTED,
                    NOT_FOUND,
                    FAILED_PRECONDITION -> unavailable(status.getCode() + ", " + description(status));
            case DEADLINE_EXCEEDED -> unavailable("no answer to " + function + " in time: " + description(status));
            case RESOURCE_EXHAUSTED -> error(ErrorCode.EXHAUSTED, "rejects " + function + ": " + description(status));
            default ->
                error(
                        ErrorCode.INTERNAL,
                        "failed in " + function + ": " + status.getCode() + ", " + description(status));
        };
    }

    /** The error of a row. The message is the library's own, without the prefix that names the row. */
    private static HeadcountException row(String code, String row, String message) {
        String prefix = "row " + row + ": ";
        return new HeadcountException(
                ErrorCode.of(code),
                number(row),
                message.startsWith(prefix) ? message.substring(prefix.length()) : message);
    }

    private static int number(String row) {
        try {
            return row == null ? -1 : Integer.parseInt(row);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static String description(Status status) {
        String text = status.getDescription() == null ? "no reason given" : status.getDescription();
        Throwable cause = status.getCause();
        return cause == null || cause.getMessage() == null || text.contains(cause.getMessage())
                ? text
                : text + " (" + cause.getMessage() + ")";
    }

    HeadcountException unavailable(String what) {
        return error(ErrorCode.UNAVAILABLE, "does not serve: " + what);
    }

    /** The error for a result that does not match the request. */
    HeadcountException malformed(String function, String what) {
        return error(ErrorCode.INTERNAL, "answers " + function + " with " + what);
    }

    /** The error for an argument that this client rejects itself. */
    static HeadcountException argument(String what) {
        return new HeadcountException(ErrorCode.ARGUMENT, -1, "headcount: " + what);
    }

    private HeadcountException error(ErrorCode code, String what) {
        return new HeadcountException(code, -1, "headcount: the sidecar at " + address + " " + what);
    }
}
