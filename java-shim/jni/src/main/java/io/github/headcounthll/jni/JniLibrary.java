// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.jni;

import io.github.headcounthll.clib.CFunction;
import io.github.headcounthll.clib.Caller;
import io.github.headcounthll.clib.CopiedStates;
import io.github.headcounthll.clib.Invocation;
import io.github.headcounthll.clib.LibraryBackend;
import io.github.headcounthll.clib.LibraryFunctions;
import io.github.headcounthll.clib.LibraryLoader;
import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.startup.LibraryFile;
import io.github.headcounthll.core.startup.StartupException;
import io.github.headcounthll.core.startup.StartupResult;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Loads the library of this class loader through the JNI library of {@link NativeMethods}, which is in the same folder.
 * The JVM allows one class loader at a time to load the JNI library.
 */
public final class JniLibrary extends LibraryLoader {
    private static final JniLibrary THE = new JniLibrary();

    private Path jniLibrary;

    private JniLibrary() {}

    /** Opens the library at an absolute path; see {@link LibraryLoader#open}. */
    public static StartupResult openLibrary(Path library) {
        return openLibrary(library, library == null ? null : library.resolveSibling(NativeMethods.LIBRARY_NAME));
    }

    /**
     * As {@link #openLibrary(Path)}, with the JNI library in a file of another name, which may be removed afterwards. In
     * a process with several class loaders each needs a file of its own.
     */
    public static StartupResult openLibrary(Path library, Path jniLibrary) {
        synchronized (THE) {
            THE.jniLibrary = jniLibrary;
            return THE.open(library);
        }
    }

    /** The calls of the library that {@link #openLibrary} has opened. */
    public static Caller callerOfOpened() {
        return THE;
    }

    @Override
    protected void load(Path library) {
        expectLibrary(LibraryFile.problem(jniLibrary, NativeMethods.LIBRARY_NAME));
        try {
            System.load(jniLibrary.toAbsolutePath().toString());
        } catch (LinkageError e) {
            throw rejectedByTheLoader(jniLibrary, e.getMessage());
        }
        expectContract(jniLibrary);
        byte[] said = NativeMethods.open(zeroTerminated(library));
        if (said != null) {
            throw rejectedByTheLoader(library, new String(said, pathCharset()));
        }
    }

    /** Where the memory of a direct buffer is, for {@link Invocation#in(long)}. A library must be open. */
    public static long address(ByteBuffer direct) {
        return NativeMethods.address(direct);
    }

    private static void expectContract(Path jniLibrary) {
        String found;
        try {
            found = NativeMethods.contract();
        } catch (UnsatisfiedLinkError e) {
            throw new StartupException(
                    jniLibrary + ": found a library without the methods of class NativeMethods; expected "
                            + NativeMethods.LIBRARY_NAME + " of ABI version " + NEWEST_ABI);
        }
        String expected = NEWEST_ABI
                + Arrays.stream(CFunction.values())
                        .map(function -> " " + function.symbol())
                        .collect(Collectors.joining());
        if (!found.equals(expected)) {
            throw new StartupException(jniLibrary + ": found the functions " + found + "; expected " + expected
                    + ": library and plugin are of different releases");
        }
    }

    private static ByteBuffer zeroTerminated(Path path) {
        byte[] bytes = path.toString().getBytes(pathCharset());
        return ByteBuffer.allocateDirect(bytes.length + 1).put(bytes).put((byte) 0);
    }

    /** In which the JVM writes paths. */
    private static Charset pathCharset() {
        String name = System.getProperty("sun.jnu.encoding");
        return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
    }

    @Override
    protected boolean find(CFunction function) {
        return NativeMethods.find(function.ordinal());
    }

    @Override
    protected Backend backend() {
        return new LibraryBackend(new LibraryFunctions(this), () -> new CopiedStates(this));
    }

    @Override
    public Invocation allowLong(CFunction function) {
        return new JniInvocation(function);
    }
}
