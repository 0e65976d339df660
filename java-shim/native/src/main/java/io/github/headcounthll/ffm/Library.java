package io.github.headcounthll.ffm;

import io.github.headcounthll.core.Backend;
import io.github.headcounthll.library.CFunction;
import io.github.headcounthll.library.Caller;
import io.github.headcounthll.library.Invocation;
import io.github.headcounthll.library.LibraryBackend;
import io.github.headcounthll.library.Opening;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;

/** Loads the library of this class loader. The JVM compiles a call well only if the function is a constant. */
final class Library extends Opening implements Caller {
    static final Library THE = new Library();

    private Exports exports;

    private Library() {}

    /** The functions that are called row by row, as constants; for after the library was opened. */
    static final class Calls {
        static final Export CHECK = export(CFunction.CHECK);
        static final Export PRECISION = export(CFunction.PRECISION);
        static final Export CARDINALITY = export(CFunction.CARDINALITY);
        static final Export ESTIMATE = export(CFunction.ESTIMATE);
        static final Export CREATE = export(CFunction.CREATE);
        static final Export UNION = export(CFunction.UNION);
        static final Export STATE_MERGE = export(CFunction.STATE_MERGE);
        static final Export STATE_ADD = export(CFunction.STATE_ADD);
        static final Export STATE_ADD_INT64 = export(CFunction.STATE_ADD_INT64);
        static final Export STATE_ENCODE = export(CFunction.STATE_ENCODE);

        private Calls() {}

        private static Export export(CFunction function) {
            return THE.exports.get(function);
        }
    }

    @Override
    protected void load(Path path) throws Unusable {
        try {
            exports = new Exports(SymbolLookup.libraryLookup(path, Arena.global()));
        } catch (IllegalArgumentException e) {
            throw refusedByTheLoader(path, loaderMessage(path, e));
        }
    }

    /** What dlopen said, which the lookup does not pass on. */
    private static String loaderMessage(Path path, IllegalArgumentException refused) {
        try {
            System.load(path.toAbsolutePath().toString());
            return refused.getMessage();
        } catch (UnsatisfiedLinkError e) {
            return e.getMessage();
        }
    }

    @Override
    protected boolean find(CFunction function) {
        return exports.find(function);
    }

    @Override
    protected Caller caller() {
        return this;
    }

    @Override
    protected Backend backend() {
        return new LibraryBackend(new NativeFunctions(), NativeStates::new);
    }

    @Override
    public Invocation brief(CFunction function) {
        return new InPlace(function, exports.get(function));
    }

    @Override
    public Invocation lengthy(CFunction function) {
        return new OffHeap(function, exports.get(function));
    }
}
