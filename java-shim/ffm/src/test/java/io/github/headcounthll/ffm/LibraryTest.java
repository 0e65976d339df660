// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.ffm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.headcounthll.clib.Gcc;
import io.github.headcounthll.clib.LibraryLoaderTests;
import io.github.headcounthll.clib.TestLibrary;
import io.github.headcounthll.core.startup.StartupException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LibraryTest extends LibraryLoaderTests {
    LibraryTest() {
        super(Library.class, "openLibrary");
    }

    @Override
    protected void complete(Path libraryFolder) {}

    @Test
    void loadsInEveryClassLoader() throws Exception {
        Path library = built();
        for (int i = 0; i < 3; i++) {
            assertTrue(open(library).startsWith("StartupResult["));
        }
    }

    /** Opens a library in a JVM of its own. */
    static final class LibraryLoader {
        private LibraryLoader() {}

        public static void main(String[] arguments) {
            try {
                System.out.println(Library.openLibrary(Path.of(arguments[0])));
            } catch (StartupException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static String openInJvm(String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                LibraryLoader.class.getName(),
                TestLibrary.PATH.toString()));
        return Gcc.run(command);
    }

    @Test
    void needsNoFlagOfTheJvm() throws Exception {
        assertTrue(openInJvm().contains("StartupResult["));
    }

    @Test
    void saysWhichFlagAJvmThatForbidsNativeAccessNeeds() throws Exception {
        String answer = openInJvm("--illegal-native-access=deny");
        assertTrue(answer.startsWith(TestLibrary.PATH + ": this JVM was told to forbid native access ("), answer);
        assertTrue(answer.contains("); start it with --enable-native-access=ALL-UNNAMED"), answer);
        assertTrue(openInJvm("--illegal-native-access=deny", "--enable-native-access=ALL-UNNAMED")
                .startsWith("StartupResult["));
    }
}
