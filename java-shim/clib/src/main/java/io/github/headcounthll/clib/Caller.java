// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

/** A way of calling the functions of the library. */
public interface Caller {
    /** Begins a call that is done in some ten microseconds. */
    Invocation brief(CFunction function);

    /** Begins a call that may take longer: nobody waits for it, not even the garbage collector. */
    Invocation allowLong(CFunction function);
}
