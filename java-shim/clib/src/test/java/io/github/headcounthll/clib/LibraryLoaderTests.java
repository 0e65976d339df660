// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Opening libraries. Each test uses a class loader that has loaded no library, as each plugin does.
 */
public abstract class LibraryLoaderTests {
    private final Class<?> opener;
    private final String method;

    @TempDir
    private Path folder;

    private int builds;

    /** @param method of the class, static; opens a library at a path and returns a StartupResult */
    protected LibraryLoaderTests(Class<?> opener, String method) {
        this.opener = opener;
        this.method = method;
    }

    /** Adds the files that this way of calling needs in the folder of a library. */
    protected abstract void complete(Path libraryFolder) throws Exception;

    /** The result of the last of these calls, or the message of its exception, in a class loader of its own. */
    protected final String open(Path... libraries) throws Exception {
        try (URLClassLoader loader = classLoader()) {
            return open(loader, libraries);
        }
    }

    /** The result of the last of these calls, or the message of its exception. */
    protected final String open(ClassLoader loader, Path... libraries) throws Exception {
        String answer = null;
        for (Path library : libraries) {
            Method open = loader.loadClass(opener.getName()).getMethod(method, Path.class);
            try {
                answer = open.invoke(null, library).toString();
            } catch (InvocationTargetException e) {
                answer = e.getCause().getMessage();
            }
        }
        return answer.replaceAll(Pattern.quote(folder.toString()) + "(/build\\d+)?", "DIR");
    }

    /** Of the classes that this test has. */
    protected static URLClassLoader classLoader() {
        URL[] classPath = Arrays.stream(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator)))
                .map(entry -> {
                    try {
                        return Path.of(entry).toUri().toURL();
                    } catch (MalformedURLException e) {
                        throw new AssertionError(e);
                    }
                })
                .toArray(URL[]::new);
        return new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader());
    }

    /** The repository's library, in a folder of its own. */
    protected final Path built() throws Exception {
        Path own = newFolder();
        return Files.createSymbolicLink(own.resolve("libheadcount.so"), TestLibrary.PATH.toAbsolutePath());
    }

    /** Each in a folder of its own: the system's loader takes a path that it has loaded for what it was. */
    private Path compile(String source, String... options) throws Exception {
        String[] all = Arrays.copyOf(options, options.length + 2);
        all[options.length] = "-shared";
        all[options.length + 1] = "-fPIC";
        return Gcc.compile(newFolder().resolve("libheadcount.so"), source, all);
    }

    private Path newFolder() throws Exception {
        Path own = Files.createDirectory(folder.resolve("build" + builds++));
        complete(own);
        return own;
    }

    @Test
    void describesTheLibraryThatItLoaded() throws Exception {
        String answer = open(built());
        assertTrue(
                Pattern.matches(
                        "StartupResult\\[backend=.*, description=backend native, library DIR/libheadcount.so"
                                + ", ABI version 2, headcount \\S+, kernel \\w+, go\\S+, \\w+\\]",
                        answer),
                answer);
    }

    @Test
    void opensTheSameLibraryAgain() throws Exception {
        Path library = built();
        assertTrue(open(library, library, library).startsWith("StartupResult["));
    }

    @Test
    void takesOneLibraryForEachClassLoader() throws Exception {
        assertEquals(
                "DIR/libheadcount.so: this class loader has loaded DIR/libheadcount.so"
                        + " already, and takes one library",
                open(built(), built()));
    }

    @Test
    void rejectedLibraryDoesNotPreventLoadingAnother() throws Exception {
        assertTrue(open(folder.resolve("none.so"), compile("int other(void) { return 1; }"), built())
                .startsWith("StartupResult["));
    }

    @Test
    void otherAbiVersionIsRejected() throws Exception {
        for (int version : new int[] {0, 1, 3, -1}) {
            assertEquals(
                    "DIR/libheadcount.so: found ABI version " + version
                            + "; expected 2: library and plugin are of different releases",
                    open(compile("int hc_abi_version(void) { return " + version + "; }")));
        }
    }

    @Test
    void libraryWithoutFunctionsIsRejected() throws Exception {
        assertEquals(
                "DIR/libheadcount.so: found a library without hc_abi_version; expected libheadcount of ABI version 2",
                open(compile("int other(void) { return 1; }")));
        assertEquals(
                "DIR/libheadcount.so: found a library without hc_describe; expected libheadcount of ABI version 2",
                open(compile("int hc_abi_version(void) { return 2; }")));
    }

    @Test
    void passesOnWhatTheSystemsLoaderSays() throws Exception {
        Gcc.compile(folder.resolve("libneeded.so"), "int needed(void) { return 1; }", "-shared", "-fPIC");
        Path library = compile(
                "int needed(void); int hc_abi_version(void) { return needed(); }", "-L", folder.toString(), "-lneeded");
        Files.delete(folder.resolve("libneeded.so"));
        String answer = open(library);
        assertTrue(answer.startsWith("DIR/libheadcount.so: the system's loader rejected it: "), answer);
        assertTrue(answer.contains("libneeded.so: cannot open shared object file"), answer);
    }

    @Test
    void libraryOfAnotherArchitectureIsRejectedBeforeLoading() throws Exception {
        byte[] bytes = Files.readAllBytes(TestLibrary.PATH);
        Map<Integer, String> names = Map.of(62, "x86_64", 183, "aarch64");
        int other = bytes[18] == 62 ? 183 : 62;
        bytes[18] = (byte) other;
        String answer = open(Files.write(newFolder().resolve("libheadcount.so"), bytes));
        assertTrue(answer.startsWith("DIR/libheadcount.so: found a library for " + names.get(other)), answer);
    }

    @Test
    void namesTheLibraryThatIsMissing() throws Exception {
        assertTrue(open(folder.resolve("libheadcount.so"))
                .startsWith("DIR/libheadcount.so: found nothing; expected libheadcount.so for "));
    }
}
