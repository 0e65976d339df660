// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.api;

/**
 * The reasons for which a call can fail: the error codes of {@code enum hc_status} in headcount.h, and those of the
 * sidecar.
 */
public enum ErrorCode {
    /** The bytes are not a valid sketch. */
    MALFORMED(1),
    /** The precision is outside 4..24, or a reduction asks for more than the sketch has. */
    PRECISION_RANGE(2),
    /** A union of sketches with different precisions. */
    PRECISION_MISMATCH(3),
    /** The result is larger than 2^31 - 1 bytes. */
    TOO_LARGE(4),
    /** The function does not accept the argument, or a row is outside its column. */
    ARGUMENT(5),
    /** A bug in the library or in its caller. */
    INTERNAL(15),
    /** The sidecar cannot be reached, does not accept the call, or was lost during it. */
    UNAVAILABLE(0),
    /** A limit of the sidecar was exceeded. */
    EXHAUSTED(0);

    private final int status;

    ErrorCode(int status) {
        this.status = status;
    }

    /** The value of {@code hc_status}; 0 if the library has no such status. */
    public int status() {
        return status;
    }

    /** Returns whether the arguments caused the error. Then retrying the call fails again on any node. */
    public boolean blamesArguments() {
        return this != INTERNAL && this != UNAVAILABLE && this != EXHAUSTED;
    }

    /** The code for a status from 1 to 15; an unknown status is {@link #INTERNAL}. */
    public static ErrorCode of(int status) {
        for (ErrorCode code : values()) {
            if (code.status == status && status != 0) {
                return code;
            }
        }
        return INTERNAL;
    }
}
