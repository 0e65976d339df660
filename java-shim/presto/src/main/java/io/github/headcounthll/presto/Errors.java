// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.spi.PrestoException;
import com.facebook.presto.spi.StandardErrorCode;
import io.github.headcounthll.core.api.HeadcountException;
import java.util.function.Supplier;

/** The one place where an error becomes a PrestoDB error. The sentence is the library's own. */
final class Errors {
    private Errors() {}

    /**
     * A cast that is rejected because of the bytes is INVALID_CAST_ARGUMENT, which makes TRY_CAST give NULL. Of any
     * other function the bytes are an argument.
     */
    private static StandardErrorCode code(HeadcountException refused, boolean cast) {
        return switch (refused.code()) {
            case MALFORMED ->
                cast ? StandardErrorCode.INVALID_CAST_ARGUMENT : StandardErrorCode.INVALID_FUNCTION_ARGUMENT;
            case PRECISION_RANGE, PRECISION_MISMATCH, ARGUMENT, TOO_LARGE ->
                StandardErrorCode.INVALID_FUNCTION_ARGUMENT;
            case EXHAUSTED -> StandardErrorCode.GENERIC_INSUFFICIENT_RESOURCES;
            case UNAVAILABLE -> StandardErrorCode.REMOTE_HOST_GONE;
            case INTERNAL -> StandardErrorCode.GENERIC_INTERNAL_ERROR;
        };
    }

    private static PrestoException translate(HeadcountException refused, boolean cast) {
        return new PrestoException(code(refused, cast), refused.getMessage(), refused);
    }

    /**
     * Of one value, as TRY_CAST calls it too. TRY_CAST gives NULL for whatever RuntimeException a cast throws: with one of
     * those, a server that is down would silently count as no sketch.
     */
    static void translatingCast(Runnable call) {
        try {
            call.run();
        } catch (HeadcountException e) {
            PrestoException translated = translate(e, true);
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
            throw translate(e, false);
        }
    }

    static <T> T translatingValue(Supplier<T> call) {
        try {
            return call.get();
        } catch (HeadcountException e) {
            throw translate(e, false);
        }
    }
}
