// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.spi.PrestoException;
import com.facebook.presto.spi.StandardErrorCode;
import io.github.headcounthll.core.api.ErrorTranslator;
import io.github.headcounthll.core.api.HeadcountException;

/** Turns errors into PrestoDB's. */
final class Errors extends ErrorTranslator {
    static final Errors ERRORS = new Errors();

    private Errors() {}

    @Override
    public PrestoException translate(HeadcountException e, boolean cast) {
        StandardErrorCode code = switch (e.code()) {
            case MALFORMED ->
                cast ? StandardErrorCode.INVALID_CAST_ARGUMENT : StandardErrorCode.INVALID_FUNCTION_ARGUMENT;
            case PRECISION_RANGE, PRECISION_MISMATCH, ARGUMENT, TOO_LARGE ->
                StandardErrorCode.INVALID_FUNCTION_ARGUMENT;
            case EXHAUSTED -> StandardErrorCode.GENERIC_INSUFFICIENT_RESOURCES;
            case UNAVAILABLE -> StandardErrorCode.REMOTE_HOST_GONE;
            case INTERNAL -> StandardErrorCode.GENERIC_INTERNAL_ERROR;
        };
        return new PrestoException(code, e.getMessage(), e);
    }
}
