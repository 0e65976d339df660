package io.github.headcounthll.ffm;

import io.github.headcounthll.core.LibraryFile;
import io.github.headcounthll.core.Node;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Loads the library, once for each class loader and for ever: what it holds (a Go runtime) cannot be unloaded, and the
 * JVM compiles a call well only if the function is a constant.
 */
final class Library {
    /** The ABI versions that this code was written for. */
    static final int OLDEST_ABI = 1;
    static final int NEWEST_ABI = 1;

    private static final String ABI_VERSION = "int32_t hc_abi_version(void)";
    private static final int DESCRIPTION = 256;

    private static Path loaded;
    private static Exports exports;

    private Library() {}

    /** The functions of the library that was opened, as constants. */
    static final class Calls {
        static final Exports C = exports();

        private Calls() {}
    }

    private static synchronized Exports exports() {
        if (exports == null) {
            throw new IllegalStateException("the library is called before it was opened");
        }
        return exports;
    }

    /** Opens the library and says how it went. */
    static synchronized Node open(Path path) {
        try {
            return openAllowed(path);
        } catch (IllegalCallerException e) {
            return new Node.Refused(path + ": this JVM was told to forbid native access (" + e.getMessage()
                    + "); start it with --enable-native-access=ALL-UNNAMED");
        }
    }

    private static Node openAllowed(Path path) {
        if (exports != null && !loaded.equals(path)) {
            return new Node.Refused(path + ": this class loader has loaded " + loaded + " already, and takes one library");
        }
        if (exports == null) {
            String problem = load(path);
            if (problem != null) {
                return new Node.Refused(problem);
            }
        }
        return new Node.Ready(new NativeBackend(), "backend native, library " + path + ", ABI version "
                + abiVersion(exports.abiVersion()) + ", " + describe());
    }

    /** Loads it, or says why not. */
    private static String load(Path path) {
        String problem = LibraryFile.problem(path);
        if (problem != null) {
            return problem;
        }
        SymbolLookup library;
        try {
            library = SymbolLookup.libraryLookup(path, Arena.global());
        } catch (IllegalArgumentException e) {
            return path + ": the system's loader refused it: " + loaderMessage(path, e);
        }
        try {
            int abi = abiVersion(Exports.bind(library, ABI_VERSION));
            if (abi < OLDEST_ABI || abi > NEWEST_ABI) {
                return path + ": found ABI version " + abi + "; expected "
                        + (OLDEST_ABI == NEWEST_ABI ? "" + OLDEST_ABI : OLDEST_ABI + " to " + NEWEST_ABI)
                        + ": library and plugin are of different releases";
            }
            exports = Exports.bind(library);
            loaded = path;
            return null;
        } catch (Exports.MissingException e) {
            return path + ": found a library without " + e.getMessage() + "; expected libheadcount of ABI version "
                    + NEWEST_ABI;
        }
    }

    /** What dlopen said: a missing or too old system library, a mount that forbids execution. */
    private static String loaderMessage(Path path, IllegalArgumentException refused) {
        try {
            System.load(path.toAbsolutePath().toString());
            return refused.getMessage();
        } catch (UnsatisfiedLinkError e) {
            return e.getMessage();
        }
    }

    private static int abiVersion(Export abiVersion) {
        try {
            return (int) abiVersion.plain().invokeExact();
        } catch (Throwable t) {
            throw Status.unexpected(t);
        }
    }

    private static String describe() {
        byte[] line = new byte[DESCRIPTION];
        try {
            int length = (int) exports.describe().critical().invokeExact(MemorySegment.ofArray(line), line.length);
            return new String(line, 0, Math.clamp(length, 0, line.length - 1), StandardCharsets.UTF_8);
        } catch (Throwable t) {
            throw Status.unexpected(t);
        }
    }
}
