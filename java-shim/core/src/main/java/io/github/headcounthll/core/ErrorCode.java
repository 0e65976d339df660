// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core;

/** What a call can be refused for: the error half of {@code enum hc_status} in headcount.h, and what only a server can. */
public enum ErrorCode {
    /** Bytes that are not a sketch. */
    MALFORMED(1),
    /** A precision outside 4..24, or above the sketch's own in a reduction. */
    PRECISION_RANGE(2),
    /** Sketches of two precisions in one union. */
    PRECISION_MISMATCH(3),
    /** A result larger than 2^31 - 1 bytes. */
    TOO_LARGE(4),
    /** An argument that the function does not take, or a row outside its column. */
    ARGUMENT(5),
    /** A fault of the library or of its caller. */
    INTERNAL(15),
    /** The function server cannot be reached, will not serve, or was lost meanwhile. */
    UNAVAILABLE(0),
    /** A limit of the function server's. */
    EXHAUSTED(0);

    private final int status;

    ErrorCode(int status) {
        this.status = status;
    }

    /** The value of {@code hc_status}; 0 of what is no status of the library's. */
    public int status() {
        return status;
    }

    /** Is it the call's arguments that are at fault? Then the same call is refused anywhere, at any time. */
    public boolean blamesArguments() {
        return this != INTERNAL && this != UNAVAILABLE && this != EXHAUSTED;
    }

    /** The code of a status from 1 to 15; what is unknown is {@link #INTERNAL}. */
    public static ErrorCode of(int status) {
        for (ErrorCode code : values()) {
            if (code.status == status && status != 0) {
                return code;
            }
        }
        return INTERNAL;
    }
}
