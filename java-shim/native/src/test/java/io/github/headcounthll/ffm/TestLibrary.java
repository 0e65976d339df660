package io.github.headcounthll.ffm;

import io.github.headcounthll.core.Backend;
import io.github.headcounthll.core.Node;
import java.nio.file.Files;
import java.nio.file.Path;

/** The repository's library, which {@code make lib} builds. */
final class TestLibrary {
    static final Path ROOT = Path.of(System.getProperty("headcount.root")).normalize();
    static final Path PATH = ROOT.resolve("build/libheadcount.so");
    static final Path HEADER = ROOT.resolve("cgo/headcount.h");

    private TestLibrary() {}

    static Backend backend() {
        if (!Files.exists(PATH)) {
            throw new AssertionError(PATH + " is not there: run make lib");
        }
        return switch (NativeBackend.open(PATH)) {
            case Node.Ready ready -> ready.backend();
            case Node.Refused refused -> throw new AssertionError(refused.reason());
        };
    }
}
