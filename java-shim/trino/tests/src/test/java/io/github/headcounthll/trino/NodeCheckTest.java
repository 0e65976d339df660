// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trino.spi.Plugin;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything that can be wrong with a node is found while the plugin loads, and said in one line. Each check loads the
 * plugin's jar in a class loader of its own, as a server does.
 */
class NodeCheckTest {
    private static final Path LIBRARY = Servers.ROOT.resolve("build/libheadcount.so");

    @TempDir
    Path folder;

    @Test
    void noLibrary() {
        Path missing = folder.resolve("libheadcount.so");
        assertRejected(configured(missing), missing.toString());
    }

    @Test
    void noLibraryInThePluginFolder() {
        assertRejected(plugin(Map.of(), null, folder), folder.toString(), "libheadcount.so");
    }

    @Test
    void anotherAbiVersion() throws Exception {
        Path library = compile("#include <stdint.h>\nint32_t hc_abi_version(void) { return 99; }\n");
        assertRejected(configured(library), library.toString(), "99", "expected 2");
    }

    @Test
    void aLibraryOfSomethingElse() throws Exception {
        Path library = compile("int other(void) { return 1; }\n");
        assertRejected(configured(library), library.toString(), "hc_abi_version");
    }

    @Test
    void anotherArchitecture() throws Exception {
        byte[] bytes = Files.readAllBytes(LIBRARY);
        bytes[18] = (byte) 0xF3; // e_machine: RISC-V
        Path library = Files.write(folder.resolve("libheadcount.so"), bytes);
        assertRejected(configured(library), library.toString(), System.getProperty("os.arch"));
    }

    @Test
    void notALibrary() throws Exception {
        Path library = Files.writeString(folder.resolve("libheadcount.so"), "not an ELF file\n");
        assertRejected(configured(library), library.toString());
    }

    @Test
    void aConfigurationFileThatIsNotThere() {
        Path missing = folder.resolve("nowhere.properties");
        assertRejected(plugin(Map.of("HEADCOUNT_CONFIG", missing.toString()), null, folder), missing.toString());
    }

    @Test
    void aPropertyThatDoesNotExist() {
        Path file = Servers.configuration("headcount.libary.path=/x");
        assertRejected(
                plugin(Map.of("HEADCOUNT_CONFIG", file.toString()), null, folder),
                file.toString(),
                "headcount.libary.path");
    }

    @Test
    void aBackendThatDoesNotExist() {
        Path file = Servers.configuration("headcount.backend=abacus");
        assertRejected(
                plugin(Map.of("HEADCOUNT_CONFIG", file.toString()), null, folder), file.toString(), "abacus", "native");
    }

    @Test
    void configurationInTrinosFolderIsRead() throws IOException {
        Files.writeString(folder.resolve("headcount.properties"), "headcount.backend=abacus\n");
        assertRejected(plugin(Map.of(), folder, folder), folder.toString(), "abacus");
    }

    @Test
    void aHealthyNodeSaysWhatItRuns() {
        List<LogRecord> records = logged(
                () -> assertTrue(configured(LIBRARY).getTypes().iterator().hasNext()));
        assertEquals(1, records.size());
        assertEquals(Level.INFO, records.getFirst().getLevel());
        String line = records.getFirst().getMessage();
        for (String part : List.of("Headcount ", LIBRARY.toString(), "ABI version 2", "native")) {
            assertTrue(line.contains(part), () -> part + " is missing in: " + line);
        }
        assertTrue(line.matches("(?s).*(avx2|neon|portable).*"), line);
        assertFalse(line.contains("(not packaged)"), line);
    }

    private static Plugin configured(Path library) {
        Path file = Servers.configuration("headcount.library.path=" + library);
        return plugin(Map.of("HEADCOUNT_CONFIG", file.toString()), null, library.getParent());
    }

    /** The plugin from its jar, seeing of the rest what a server's class loader would show it. */
    private static Plugin plugin(Map<String, String> environment, Path configurationFolder, Path pluginFolder) {
        ClassLoader others = new ClassLoader(NodeCheckTest.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                if (name.startsWith("io.github.headcounthll.")) {
                    throw new ClassNotFoundException(name);
                }
                return super.loadClass(name, resolve);
            }

            @Override
            public Enumeration<URL> getResources(String name) {
                return Collections.emptyEnumeration();
            }
        };
        URL jar = HeadcountPlugin.class.getProtectionDomain().getCodeSource().getLocation();
        try {
            return (Plugin) new URLClassLoader(new URL[] {jar}, others)
                    .loadClass(HeadcountPlugin.class.getName())
                    .getConstructor(Map.class, Path.class, Path.class)
                    .newInstance(environment, configurationFolder, pluginFolder);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** The server logs the message and the stack trace of what is thrown: together one line, with all parts. */
    private static void assertRejected(Plugin plugin, String... parts) {
        List<LogRecord> records = logged(() -> {
            RuntimeException thrown = assertThrows(RuntimeException.class, plugin::getTypes);
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            assertEquals("", trace.toString());
            assertFalse(thrown.getMessage().contains("\n"), thrown.getMessage());
            for (String part : parts) {
                assertTrue(thrown.getMessage().contains(part), () -> part + " is missing in: " + thrown.getMessage());
            }
        });
        assertEquals(0, records.size(), "the server's own line is the only one");
    }

    private static List<LogRecord> logged(Runnable action) {
        List<LogRecord> records = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                records.add(record);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("io.github.headcounthll");
        logger.addHandler(handler);
        try {
            action.run();
        } finally {
            logger.removeHandler(handler);
        }
        return records;
    }

    private Path compile(String source) throws Exception {
        Path code = Files.writeString(folder.resolve("library.c"), source);
        Path library = folder.resolve("libheadcount.so");
        Process gcc = new ProcessBuilder("gcc", "-shared", "-fPIC", "-o", library.toString(), code.toString())
                .inheritIO()
                .start();
        assertEquals(0, gcc.waitFor());
        return library;
    }
}
