// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

/** An answer that does not follow the protocol. Says what was found and what was expected. */
final class Malformed extends Exception {
    Malformed(String message) {
        super(message);
    }
}
