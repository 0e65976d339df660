// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.ffm;

import io.github.headcounthll.clib.CFunction;
import io.github.headcounthll.clib.Invocation;
import io.github.headcounthll.clib.LibraryBackend;
import io.github.headcounthll.clib.LibraryLoader;
import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.startup.StartupResult;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Loads the library of this class loader. {@link Calls} holds its functions. */
public final class Library extends LibraryLoader {
    static final Library THE = new Library();

    private SymbolLookup symbols;
    private final Map<CFunction, Export> exports = new EnumMap<>(CFunction.class);

    private Library() {}

    /** Opens the library at an absolute path; see {@link LibraryLoader#open}. */
    public static StartupResult openLibrary(Path library) {
        return THE.open(library);
    }

    /** A function, for after the library was opened. */
    Export export(CFunction function) {
        return exports.get(function);
    }

    @Override
    protected void load(Path path) {
        try {
            symbols = SymbolLookup.libraryLookup(path, Arena.global());
        } catch (IllegalArgumentException e) {
            throw rejectedByTheLoader(path, loaderMessage(path, e));
        }
    }

    /** The message of dlopen, which the lookup does not pass on. */
    private static String loaderMessage(Path path, IllegalArgumentException rejected) {
        try {
            System.load(path.toAbsolutePath().toString());
            return rejected.getMessage();
        } catch (UnsatisfiedLinkError e) {
            return e.getMessage();
        }
    }

    @Override
    protected boolean find(CFunction function) {
        Optional<MemorySegment> symbol = symbols.find(function.symbol());
        symbol.ifPresent(address -> exports.put(function, Export.bind(address, function)));
        return symbol.isPresent();
    }

    @Override
    protected Backend backend() {
        return new LibraryBackend(new NativeFunctions(), NativeStates::new);
    }

    @Override
    public Invocation brief(CFunction function) {
        return new InPlace(function, export(function));
    }

    @Override
    public Invocation allowLong(CFunction function) {
        return new OffHeap(function, export(function));
    }
}
