// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

/** A way to call the functions of the library. */
public interface Caller {
    /** Starts a call that takes about ten microseconds. */
    default Invocation brief(CFunction function) {
        return allowLong(function);
    }

    /** Starts a call that may take longer; it must not block the garbage collector. */
    Invocation allowLong(CFunction function);
}
