// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.startup.StartupResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** The repository's library, which {@code make lib} builds. */
public final class TestLibrary {
    private static final Path ROOT =
            Path.of(System.getProperty("headcount.root")).normalize();
    /** Where it is. */
    public static final Path PATH = ROOT.resolve("build/libheadcount.so");

    static final Path HEADER = ROOT.resolve("cgo/headcount.h");

    private TestLibrary() {}

    /** Opens it. */
    public static Backend backend(Function<Path, StartupResult> open) {
        if (!Files.exists(PATH)) {
            throw new AssertionError(PATH + " is not there: run make lib");
        }
        return open.apply(PATH).backend();
    }
}
