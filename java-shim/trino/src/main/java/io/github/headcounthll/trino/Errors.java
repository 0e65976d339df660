// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import io.github.headcounthll.core.api.HeadcountException;
import io.trino.spi.ErrorCodeSupplier;
import io.trino.spi.StandardErrorCode;
import io.trino.spi.TrinoException;
import java.util.function.Supplier;

/** The one place where an error becomes a Trino error. The sentence is the library's own. */
final class Errors {
    private Errors() {}

    /**
     * A cast that is rejected because of the bytes is INVALID_CAST_ARGUMENT, which makes TRY_CAST give NULL. Of any
     * other function the bytes are an argument.
     */
    private static ErrorCodeSupplier code(HeadcountException refused, boolean cast) {
        return switch (refused.code()) {
            case MALFORMED ->
                cast ? StandardErrorCode.INVALID_CAST_ARGUMENT : StandardErrorCode.INVALID_FUNCTION_ARGUMENT;
            case PRECISION_RANGE, PRECISION_MISMATCH, ARGUMENT, TOO_LARGE ->
                StandardErrorCode.INVALID_FUNCTION_ARGUMENT;
            case INTERNAL -> StandardErrorCode.GENERIC_INTERNAL_ERROR;
            case UNAVAILABLE -> SidecarErrorCode.HEADCOUNT_SIDECAR_UNAVAILABLE;
            case EXHAUSTED -> SidecarErrorCode.HEADCOUNT_SIDECAR_LIMIT_EXCEEDED;
        };
    }

    private static TrinoException translate(HeadcountException refused, boolean cast) {
        return new TrinoException(code(refused, cast), refused.getMessage(), refused);
    }

    /** The error of a function that is not a cast. */
    static TrinoException translate(HeadcountException refused) {
        return translate(refused, false);
    }

    /** Of one value, as TRY_CAST calls it too. */
    static void translatingCast(Runnable call) {
        try {
            call.run();
        } catch (HeadcountException e) {
            TrinoException translated = translate(e, true);
            if (e.code().blamesArguments()) {
                throw translated;
            }
            throw new CastFailedError(translated);
        }
    }

    /** Of a row of a block, as only CAST calls it. */
    static void translatingCastOfRow(Runnable call) {
        try {
            call.run();
        } catch (HeadcountException e) {
            throw translate(e, true);
        }
    }

    static void translating(Runnable call) {
        try {
            call.run();
        } catch (HeadcountException e) {
            throw translate(e);
        }
    }

    static <T> T translatingValue(Supplier<T> call) {
        try {
            return call.get();
        } catch (HeadcountException e) {
            throw translate(e);
        }
    }
}
