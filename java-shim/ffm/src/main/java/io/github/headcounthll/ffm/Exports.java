// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.ffm;

import io.github.headcounthll.clib.CFunction;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The functions of headcount.h that were found in a library. */
final class Exports {
    private final SymbolLookup library;
    private final Map<CFunction, Export> found = new EnumMap<>(CFunction.class);

    Exports(SymbolLookup library) {
        this.library = library;
    }

    /** Looks for a function; false if the library does not export it. */
    boolean find(CFunction function) {
        Optional<MemorySegment> symbol = library.find(function.symbol());
        symbol.ifPresent(address -> found.put(function, bind(address, function)));
        return symbol.isPresent();
    }

    /** A function that was found. */
    Export get(CFunction function) {
        return found.get(function);
    }

    private static Export bind(MemorySegment symbol, CFunction function) {
        FunctionDescriptor descriptor = FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                function.parameters().stream().map(Exports::layout).toArray(MemoryLayout[]::new));
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
