// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.ffm;

import io.github.headcounthll.clib.CFunction;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * A function of the library, called in two ways, each with its own types or with an array of arguments.
 *
 * @param critical takes heap arrays in place and blocks safepoints: for calls of about ten microseconds
 * @param plain takes only memory outside the heap and blocks no safepoint
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

    /** Binds a symbol as the function that headcount.h declares. */
    static Export bind(MemorySegment symbol, CFunction function) {
        FunctionDescriptor descriptor = FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                function.parameters().stream().map(Export::layout).toArray(MemoryLayout[]::new));
        Linker linker = Linker.nativeLinker();
        return new Export(
                linker.downcallHandle(symbol, descriptor, Linker.Option.critical(true)),
                linker.downcallHandle(symbol, descriptor));
    }

    private static MemoryLayout layout(CFunction.Parameter parameter) {
        return switch (parameter) {
            case POINTER -> ValueLayout.ADDRESS;
            case INT32 -> ValueLayout.JAVA_INT;
            case INT64 -> ValueLayout.JAVA_LONG;
        };
    }
}
