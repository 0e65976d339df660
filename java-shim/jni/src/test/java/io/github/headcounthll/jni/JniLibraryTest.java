// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.jni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.headcounthll.clib.Gcc;
import io.github.headcounthll.clib.LibraryLoaderTests;
import io.github.headcounthll.clib.TestLibrary;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class JniLibraryTest extends LibraryLoaderTests {
    private static final Path SOURCE = Path.of(System.getProperty("headcount.root"), "java-shim/jni/headcount_jni.c");
    private static final Path JDK = Path.of(System.getProperty("headcount.jdk"));

    JniLibraryTest() {
        super(JniLibrary.class, "openLibrary");
    }

    /** A copy for each class loader: the JVM loads a file for one alone. */
    @Override
    protected void complete(Path libraryFolder) throws Exception {
        Files.copy(
                TestLibrary.PATH.resolveSibling(NativeMethods.LIBRARY_NAME),
                libraryFolder.resolve(NativeMethods.LIBRARY_NAME));
    }

    private static Path jniLibrary(Path library) {
        return library.resolveSibling(NativeMethods.LIBRARY_NAME);
    }

    @Test
    void namesMissingJniLibrary() throws Exception {
        Path library = built();
        Files.delete(jniLibrary(library));
        String answer = open(library);
        assertTrue(
                answer.startsWith("DIR/libheadcount-jni.so: found nothing; expected libheadcount-jni.so for "), answer);
    }

    @Test
    void jniLibraryOfAnotherArchitectureIsRejectedBeforeLoading() throws Exception {
        Path library = built();
        byte[] bytes = Files.readAllBytes(jniLibrary(library));
        bytes[18] = (byte) (bytes[18] == 62 ? 183 : 62);
        Files.write(jniLibrary(library), bytes);
        String answer = open(library);
        assertTrue(answer.startsWith("DIR/libheadcount-jni.so: found a library for "), answer);
    }

    @Test
    void libraryWithoutNativeMethodsIsRejected() throws Exception {
        Path library = built();
        Gcc.compile(jniLibrary(library), "int other(void) { return 1; }", "-shared", "-fPIC");
        assertEquals(
                "DIR/libheadcount-jni.so: found a library without the methods of class NativeMethods;"
                        + " expected libheadcount-jni.so of ABI version 2",
                open(library));
    }

    /** The real one, made for another version of the contract or with functions in another order. */
    @Test
    void jniLibraryOfAnotherContractIsRejected() throws Exception {
        String functions = Files.readString(SOURCE.resolveSibling("src/generated/c/headcount_jni_functions.h"));
        String source = Files.readString(SOURCE).replace("#include \"headcount_jni_functions.h\"", functions);
        for (String other : new String[] {
            source.replace("TEXT_OF(HC_ABI_VERSION)", "\"1\""),
            source.replace("EACH(hc_abi_version) \\\n    EACH(hc_describe)", "EACH(hc_describe) EACH(hc_abi_version)")
        }) {
            Path library = built();
            Gcc.compile(
                    jniLibrary(library),
                    other,
                    "-shared",
                    "-fPIC",
                    "-I" + SOURCE.getParent().resolve("../../cgo"),
                    "-I" + JDK.resolve("include"),
                    "-I" + JDK.resolve("include/linux"));
            String answer = open(library);
            assertTrue(answer.startsWith("DIR/libheadcount-jni.so: found the functions "), answer);
            assertTrue(answer.endsWith(": library and plugin are of different releases"), answer);
        }
    }

    @Test
    void secondClassLoaderIsRejectedWithTheJvmsMessage() throws Exception {
        Path library = built();
        try (URLClassLoader first = classLoader()) {
            assertTrue(open(first, library).startsWith("StartupResult["));
            String answer = open(library);
            assertTrue(answer.startsWith("DIR/libheadcount-jni.so: the system's loader rejected it: "), answer);
            assertTrue(answer.contains("already loaded in another classloader"), answer);
        }
    }
}
