// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.library;

import io.github.headcounthll.clib.Caller;
import io.github.headcounthll.clib.LibraryFunctions;
import io.github.headcounthll.core.api.Functions;
import io.github.headcounthll.core.startup.StartupException;
import io.github.headcounthll.core.startup.StartupResult;
import io.github.headcounthll.jni.JniLibrary;
import io.github.headcounthll.spark.errors.SketchException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The library of this class loader, loaded by the first call in each process: driver and executors. */
public final class Library {
    private static final Logger LOG = LoggerFactory.getLogger(Library.class);

    private Library() {}

    /** The result of loading: a caller, or the reason why there is none. */
    private record Loaded(Caller caller, Functions functions, String problem) {
        static final Loaded THE = load();

        private static Loaded load() {
            try {
                StartupResult result = open();
                LOG.info("headcount-spark {}: {}", Release.version(), result.description());
                return new Loaded(JniLibrary.callerOfOpened(), new LibraryFunctions(JniLibrary.callerOfOpened()), null);
            } catch (StartupException e) {
                return failed(e.getMessage());
            }
        }

        private static Loaded failed(String problem) {
            String line = "headcount-spark " + Release.version() + " cannot load its library: " + problem;
            LOG.error(line);
            return new Loaded(null, null, line);
        }
    }

    private static StartupResult open() {
        Release.expectOne();
        Extraction extraction = Extraction.forThisProcess();
        Path library = extraction.library();
        Process.expectSameLibrary(library);
        Path jni = extraction.jniLibrary();
        try {
            return JniLibrary.openLibrary(library, jni);
        } catch (StartupException e) {
            throw new StartupException(e.getMessage() + extraction.advice());
        } finally {
            remove(jni);
        }
    }

    /** A mapped file needs no name, and each class loader has a file of its own. */
    private static void remove(Path jni) {
        try {
            Files.deleteIfExists(jni);
        } catch (IOException e) {
            LOG.debug("{} was not removed", jni, e);
        }
    }

    /** The calls of the library's functions. */
    public static Caller caller() {
        return loaded().caller();
    }

    /** The functions without state. */
    public static Functions functions() {
        return loaded().functions();
    }

    /** Where the memory of a direct buffer is. */
    public static long address(ByteBuffer direct) {
        loaded();
        return JniLibrary.address(direct);
    }

    private static Loaded loaded() {
        Loaded loaded = Loaded.THE;
        if (loaded.problem() != null) {
            throw SketchException.unusable(loaded.problem());
        }
        return loaded;
    }
}
