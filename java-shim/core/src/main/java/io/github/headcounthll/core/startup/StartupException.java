// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.startup;

import java.io.PrintStream;
import java.io.PrintWriter;

/**
 * Headcount cannot run on this node. The message is one line for the operator: where, what was found, what was
 * expected. Without a stack trace, which would hide that line in the engine's log.
 */
public final class StartupException extends RuntimeException {
    public StartupException(String line) {
        super(line, null, false, false);
    }

    @Override
    public void printStackTrace(PrintStream out) {
        // An engine logs the message, and then this.
    }

    @Override
    public void printStackTrace(PrintWriter out) {
        // As above.
    }
}
