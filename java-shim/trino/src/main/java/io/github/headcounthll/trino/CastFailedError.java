// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

/**
 * A cast that failed for no fault of its bytes. TRY_CAST gives NULL for whatever RuntimeException a cast throws: with
 * one of those, a server that is down would silently count as no sketch.
 */
final class CastFailedError extends Error {
    CastFailedError(RuntimeException cause) {
        super(cause.getMessage(), cause);
    }
}
