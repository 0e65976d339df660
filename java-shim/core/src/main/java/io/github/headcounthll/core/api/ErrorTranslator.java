// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.api;

import java.util.function.Supplier;

/** Runs calls of a backend and turns each {@link HeadcountException} into the engine's exception. */
public abstract class ErrorTranslator {
    /**
     * The engine's exception; its message is that of {@code e}.
     *
     * @param cast whether a cast failed: {@link ErrorCode#MALFORMED} is then the code for which TRY_CAST returns NULL
     */
    public abstract RuntimeException translate(HeadcountException e, boolean cast);

    /** The engine's exception for a function that is not a cast. */
    public final RuntimeException translate(HeadcountException e) {
        return translate(e, false);
    }

    /** Runs a function that is not a cast. */
    public final void run(Runnable call) {
        try {
            call.run();
        } catch (HeadcountException e) {
            throw translate(e);
        }
    }

    /** Runs a function that is not a cast and returns its result. */
    public final <T> T value(Supplier<T> call) {
        try {
            return call.get();
        } catch (HeadcountException e) {
            throw translate(e);
        }
    }

    /** Runs a cast of a row of a block. Engines do not call it for TRY_CAST. */
    public final void castRow(Runnable call) {
        try {
            call.run();
        } catch (HeadcountException e) {
            throw translate(e, true);
        }
    }

    /**
     * Runs a cast of a value, which TRY_CAST calls too. TRY_CAST returns NULL for every RuntimeException; an
     * unreachable sidecar must not turn sketches into NULL, so this throws an Error unless the bytes are invalid.
     */
    public final void cast(Runnable call) {
        try {
            call.run();
        } catch (HeadcountException e) {
            RuntimeException translated = translate(e, true);
            if (e.code().blamesArguments()) {
                throw translated;
            }
            throw new CastFailedError(translated);
        }
    }

    /** A cast failed for a reason other than its bytes. */
    static final class CastFailedError extends Error {
        CastFailedError(RuntimeException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
