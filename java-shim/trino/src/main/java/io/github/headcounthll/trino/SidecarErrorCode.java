// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import io.trino.spi.ErrorCode;
import io.trino.spi.ErrorCodeSupplier;
import io.trino.spi.ErrorType;

/** Errors that only the sidecar brings. */
enum SidecarErrorCode implements ErrorCodeSupplier {
    /** It cannot be reached, will not serve, or was lost in the middle of the query. */
    HEADCOUNT_SIDECAR_UNAVAILABLE(0, ErrorType.EXTERNAL),
    /** The query met one of its limits. */
    HEADCOUNT_SIDECAR_LIMIT_EXCEEDED(1, ErrorType.INSUFFICIENT_RESOURCES);

    /** "HL": a range that no connector of Trino's has. */
    private static final int FIRST = 0x484C_0000;

    private final ErrorCode code;

    SidecarErrorCode(int number, ErrorType type) {
        code = new ErrorCode(FIRST + number, name(), type);
    }

    @Override
    public ErrorCode toErrorCode() {
        return code;
    }
}
