package io.github.headcounthll.ffm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a library, each time in a class loader that has loaded none, as every plugin has one. */
class LibraryTest {
    @TempDir
    private Path folder;
    private int builds;

    /** What {@link NativeBackend#open} answers, as a string, in a class loader of its own. */
    private String open(Path... libraries) throws Exception {
        URL[] classPath = Arrays.stream(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator)))
                .map(entry -> {
                    try {
                        return Path.of(entry).toUri().toURL();
                    } catch (MalformedURLException e) {
                        throw new AssertionError(e);
                    }
                })
                .toArray(URL[]::new);
        String answer = null;
        try (URLClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
            Class<?> backend = loader.loadClass(NativeBackend.class.getName());
            for (Path library : libraries) {
                answer = backend.getMethod("open", Path.class).invoke(null, library).toString();
            }
        }
        return answer.replaceAll(Pattern.quote(folder.toString()) + "(/build\\d+)?", "DIR");
    }

    /** Each in a folder of its own: the system's loader takes a path that it has loaded for what it was. */
    private Path compile(String source, String... options) throws Exception {
        String[] all = Arrays.copyOf(options, options.length + 2);
        all[options.length] = "-shared";
        all[options.length + 1] = "-fPIC";
        Path own = Files.createDirectory(folder.resolve("build" + builds++));
        return Gcc.compile(own.resolve("libheadcount.so"), source, all);
    }

    @Test
    void describesTheLibraryThatItLoaded() throws Exception {
        String answer = open(TestLibrary.PATH);
        assertTrue(Pattern.matches("Ready\\[backend=.*, description=backend native, library "
                + Pattern.quote(TestLibrary.PATH.toString()) + ", ABI version 1, headcount \\S+, kernel \\w+, go\\S+, \\w+\\]", answer), answer);
    }

    @Test
    void loadsInEveryClassLoaderAndInOneAgain() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertTrue(open(TestLibrary.PATH, TestLibrary.PATH).startsWith("Ready["));
        }
    }

    @Test
    void takesOneLibraryForEachClassLoader() throws Exception {
        Path other = Files.copy(TestLibrary.PATH, folder.resolve("libheadcount.so"));
        assertEquals("Refused[reason=DIR/libheadcount.so: this class loader has loaded " + TestLibrary.PATH
                + " already, and takes one library]", open(TestLibrary.PATH, other));
    }

    @Test
    void aRefusedLibraryLeavesTheNextItsChance() throws Exception {
        assertTrue(open(folder.resolve("none.so"), TestLibrary.PATH).startsWith("Ready["));
    }

    @Test
    void refusesAnotherAbiVersion() throws Exception {
        for (int version : new int[] {0, 2, -1}) {
            assertEquals("Refused[reason=DIR/libheadcount.so: found ABI version " + version
                    + "; expected 1: library and plugin are of different releases]",
                    open(compile("int hc_abi_version(void) { return " + version + "; }")));
        }
    }

    @Test
    void refusesALibraryThatLacksFunctions() throws Exception {
        assertEquals("Refused[reason=DIR/libheadcount.so: found a library without hc_abi_version; expected libheadcount of ABI version 1]",
                open(compile("int other(void) { return 1; }")));
        assertEquals("Refused[reason=DIR/libheadcount.so: found a library without hc_describe; expected libheadcount of ABI version 1]",
                open(compile("int hc_abi_version(void) { return 1; }")));
    }

    @Test
    void passesOnWhatTheSystemsLoaderSays() throws Exception {
        Gcc.compile(folder.resolve("libneeded.so"), "int needed(void) { return 1; }", "-shared", "-fPIC");
        Path library = compile("int needed(void); int hc_abi_version(void) { return needed(); }", "-L", folder.toString(),
                "-lneeded");
        Files.delete(folder.resolve("libneeded.so"));
        String answer = open(library);
        assertTrue(answer.startsWith("Refused[reason=DIR/libheadcount.so: the system's loader refused it: "), answer);
        assertTrue(answer.contains("libneeded.so: cannot open shared object file"), answer);
    }

    @Test
    void refusesALibraryOfAnotherArchitectureBeforeLoadingIt() throws Exception {
        byte[] bytes = Files.readAllBytes(TestLibrary.PATH);
        Map<Integer, String> names = Map.of(62, "x86_64", 183, "aarch64");
        int other = bytes[18] == 62 ? 183 : 62;
        bytes[18] = (byte) other;
        String answer = open(Files.write(folder.resolve("libheadcount.so"), bytes));
        assertTrue(answer.startsWith("Refused[reason=DIR/libheadcount.so: found a library for " + names.get(other)), answer);
    }

    @Test
    void namesTheLibraryThatIsMissing() throws Exception {
        assertTrue(open(folder.resolve("libheadcount.so")).startsWith(
                "Refused[reason=DIR/libheadcount.so: found nothing; expected libheadcount.so for "));
    }

    /** Opens a library in a JVM of its own. */
    static final class Opening {
        private Opening() {}

        public static void main(String[] arguments) {
            System.out.println(NativeBackend.open(Path.of(arguments[0])));
        }
    }

    private String openInJvm(String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Opening.class.getName(),
                TestLibrary.PATH.toString()));
        return Gcc.run(command);
    }

    @Test
    void needsNoFlagOfTheJvm() throws Exception {
        assertTrue(openInJvm().contains("Ready["));
    }

    @Test
    void saysWhichFlagAJvmThatForbidsNativeAccessNeeds() throws Exception {
        String answer = openInJvm("--illegal-native-access=deny");
        assertTrue(answer.startsWith("Refused[reason=" + TestLibrary.PATH + ": this JVM was told to forbid native access ("), answer);
        assertTrue(answer.contains("); start it with --enable-native-access=ALL-UNNAMED]"), answer);
        assertTrue(openInJvm("--illegal-native-access=deny", "--enable-native-access=ALL-UNNAMED").startsWith("Ready["));
    }
}
