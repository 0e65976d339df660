// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import io.github.headcounthll.core.api.ErrorTranslator;
import io.github.headcounthll.core.api.HeadcountException;
import io.trino.spi.ErrorCodeSupplier;
import io.trino.spi.StandardErrorCode;
import io.trino.spi.TrinoException;

/** Turns errors into Trino's. */
final class Errors extends ErrorTranslator {
    static final Errors ERRORS = new Errors();

    private Errors() {}

    @Override
    public TrinoException translate(HeadcountException e, boolean cast) {
        ErrorCodeSupplier code = switch (e.code()) {
            case MALFORMED ->
                cast ? StandardErrorCode.INVALID_CAST_ARGUMENT : StandardErrorCode.INVALID_FUNCTION_ARGUMENT;
            case PRECISION_RANGE, PRECISION_MISMATCH, ARGUMENT, TOO_LARGE ->
                StandardErrorCode.INVALID_FUNCTION_ARGUMENT;
            case INTERNAL -> StandardErrorCode.GENERIC_INTERNAL_ERROR;
            case UNAVAILABLE -> SidecarErrorCode.HEADCOUNT_SIDECAR_UNAVAILABLE;
            case EXHAUSTED -> SidecarErrorCode.HEADCOUNT_SIDECAR_LIMIT_EXCEEDED;
        };
        return new TrinoException(code, e.getMessage(), e);
    }
}
