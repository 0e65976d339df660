// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.startup.Configuration;
import io.github.headcounthll.core.startup.LibraryFile;
import io.github.headcounthll.core.startup.StartupException;
import io.github.headcounthll.core.startup.StartupResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Opens the library, once per class loader and until the process exits: a Go runtime cannot be unloaded. Any problem is
 * a {@link StartupException}. Calls are for functions that were found.
 */
public abstract class LibraryLoader implements Caller {
    /** The supported ABI versions, oldest and newest. */
    static final int OLDEST_ABI = 2;
    /** The newest supported ABI version. */
    public static final int NEWEST_ABI = 2;

    private static final int DESCRIPTION = 256;

    private Path loaded;

    /** Loads the library with the system's loader; called again with another library if the first was rejected. */
    protected abstract void load(Path library);

    /** Looks up a function in the library that was loaded last; false if it is missing. */
    protected abstract boolean find(CFunction function);

    /** What to call, when all functions were found. */
    protected abstract Backend backend();

    /**
     * Opens the library.
     *
     * @throws StartupException if it cannot be used
     */
    public final synchronized StartupResult open(Path path) {
        if (loaded != null && !loaded.equals(path)) {
            throw new StartupException(
                    path + ": this class loader has loaded " + loaded + " already, and takes one library");
        }
        try {
            if (loaded == null) {
                openFirst(path);
            }
        } catch (IllegalCallerException e) {
            throw new StartupException(path + ": this JVM was told to forbid native access (" + e.getMessage()
                    + "); start it with --enable-native-access=ALL-UNNAMED");
        }
        return new StartupResult(
                backend(), "backend native, library " + path + ", ABI version " + abiVersion() + ", " + description());
    }

    private void openFirst(Path path) {
        expectLibrary(LibraryFile.problem(path, Configuration.LIBRARY_NAME));
        load(path);
        expect(path, CFunction.ABI_VERSION);
        int abi = abiVersion();
        if (abi < OLDEST_ABI || abi > NEWEST_ABI) {
            throw new StartupException(path + ": found ABI version " + abi + "; expected "
                    + (OLDEST_ABI == NEWEST_ABI ? "" + OLDEST_ABI : OLDEST_ABI + " to " + NEWEST_ABI)
                    + ": library and plugin are of different releases");
        }
        for (CFunction function : CFunction.values()) {
            expect(path, function);
        }
        loaded = path;
    }

    /** @param problem what {@link LibraryFile} says of a file */
    protected static void expectLibrary(String problem) {
        if (problem != null) {
            throw new StartupException(problem);
        }
    }

    /** The message of the system's loader: a missing or outdated system library, a mount that forbids execution. */
    protected static StartupException rejectedByTheLoader(Path path, String message) {
        return new StartupException(path + ": the system's loader rejected it: " + message);
    }

    private void expect(Path path, CFunction function) {
        if (!find(function)) {
            throw new StartupException(path + ": found a library without " + function.symbol()
                    + "; expected libheadcount of ABI version " + NEWEST_ABI);
        }
    }

    private int abiVersion() {
        try (Invocation call = brief(CFunction.ABI_VERSION)) {
            return call.call();
        }
    }

    private String description() {
        byte[] line = new byte[DESCRIPTION];
        try (Invocation call = brief(CFunction.DESCRIBE)) {
            int length = call.out(ArraySlice.of(line)).number(line.length).call();
            return new String(line, 0, Math.max(0, Math.min(length, line.length - 1)), StandardCharsets.UTF_8);
        }
    }
}
