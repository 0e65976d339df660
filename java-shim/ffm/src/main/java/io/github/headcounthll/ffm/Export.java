// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.ffm;

import java.lang.invoke.MethodHandle;

/**
 * A function of the library, called in two ways, each with its own types or with an array of arguments.
 *
 * @param critical takes heap arrays as they lie, and holds up safepoints while it is inside: for calls of some ten
 *     microseconds
 * @param plain takes memory off the heap only, and holds up nobody
 * @param criticalSpread {@code critical} as {@code Object(Object[])}
 * @param plainSpread {@code plain} as {@code Object(Object[])}
 */
record Export(MethodHandle critical, MethodHandle plain, MethodHandle criticalSpread, MethodHandle plainSpread) {
    Export(MethodHandle critical, MethodHandle plain) {
        this(critical, plain, spread(critical), spread(plain));
    }

    private static MethodHandle spread(MethodHandle handle) {
        return handle.asType(handle.type().generic())
                .asSpreader(Object[].class, handle.type().parameterCount());
    }
}
