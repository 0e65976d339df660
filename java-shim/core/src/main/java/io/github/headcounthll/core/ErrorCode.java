package io.github.headcounthll.core;

/** What a call can be refused for; the error half of {@code enum hc_status} in headcount.h. */
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
    INTERNAL(15);

    private final int status;

    ErrorCode(int status) {
        this.status = status;
    }

    /** The value of {@code hc_status}. */
    public int status() {
        return status;
    }

    /** The code of a status from 1 to 15; what is unknown is {@link #INTERNAL}. */
    public static ErrorCode of(int status) {
        for (ErrorCode code : values()) {
            if (code.status == status) {
                return code;
            }
        }
        return INTERNAL;
    }
}
