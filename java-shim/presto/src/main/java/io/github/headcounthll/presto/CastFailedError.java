// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

/** A cast that failed for no fault of its bytes; see {@link Errors#translatingCast}. */
final class CastFailedError extends Error {
    CastFailedError(RuntimeException cause) {
        super(cause.getMessage(), cause);
    }
}
