// SPDX-License-Identifier: Apache-2.0

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** Loads libraries into a process with the expected glibc: LoadLibraries.java GLIBC LIBRARY... */
final class LoadLibraries {
    public static void main(String[] arguments) throws Throwable {
        Linker linker = Linker.nativeLinker();
        MemorySegment version = linker.defaultLookup().find("gnu_get_libc_version").orElseThrow();
        MemorySegment text = (MemorySegment) linker.downcallHandle(version, FunctionDescriptor.of(ValueLayout.ADDRESS))
                .invokeExact();
        String found = text.reinterpret(64).getString(0);
        if (!found.equals(arguments[0])) {
            throw new IllegalStateException("this process has glibc " + found + ", not " + arguments[0]);
        }
        for (int i = 1; i < arguments.length; i++) {
            SymbolLookup.libraryLookup(Path.of(arguments[i]), Arena.global());
            System.out.println("glibc " + found + " loads " + arguments[i]);
        }
    }
}
