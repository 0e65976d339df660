// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import java.io.PrintStream;
import java.io.PrintWriter;

/**
 * Something is wrong with this node. Thrown while the plugin loads, which makes the server log it as its one ERROR
 * line and exit; the message is for the operator, and a stack trace would only bury it.
 */
final class StartupException extends RuntimeException {
    StartupException(String reason) {
        super("Headcount cannot run on this node, which therefore does not start: " + reason, null, false, false);
    }

    @Override
    public void printStackTrace(PrintStream out) {
        // The server prints the message, and then this.
    }

    @Override
    public void printStackTrace(PrintWriter out) {
        // As above.
    }
}
