// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

/** A result that violates the protocol; the message names what was found and what was expected. */
final class Malformed extends Exception {
    Malformed(String message) {
        super(message);
    }
}
