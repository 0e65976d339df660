// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.startup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
    private static final Path PLUGIN = Path.of("/plugin");

    @TempDir
    private Path folder;

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Configuration load(Map<String, String> environment) {
        return Configuration.load(
                environment,
                folder,
                PLUGIN,
                Map.of("native", List.of(), "sidecar", List.of("headcount.sidecar.address")));
    }

    private String rejection(String text) throws IOException {
        write(Configuration.FILE_NAME, text);
        return assertThrows(StartupException.class, () -> load(Map.of()))
                .getMessage()
                .replace(folder.toString(), "DIR");
    }

    @Test
    void missingFileGivesDefaults() throws Exception {
        Configuration configuration = load(Map.of());
        assertNull(configuration.source());
        assertEquals("native", configuration.backend());
        assertEquals(
                PLUGIN.resolve(Architecture.current().folder()).resolve("libheadcount.so"),
                configuration.libraryPath());
        assertEquals(
                configuration,
                Configuration.load(
                        Map.of(Configuration.ENVIRONMENT_VARIABLE, ""), null, PLUGIN, Map.of("native", List.of())));
    }

    @Test
    void fileInConfigurationFolderIsRead() throws Exception {
        Path file = write(
                Configuration.FILE_NAME,
                "# a comment\nheadcount.backend = sidecar  \nheadcount.library.path=/opt/libheadcount.so\n"
                        + "headcount.sidecar.address= h:1 \n");
        Configuration configuration = load(Map.of());
        assertEquals(file, configuration.source());
        assertEquals("sidecar", configuration.backend());
        assertEquals(Path.of("/opt/libheadcount.so"), configuration.libraryPath());
        assertEquals("h:1", configuration.property("headcount.sidecar.address"));
        assertNull(configuration.property("headcount.sidecar.other"));
    }

    @Test
    void environmentVariableOverridesFolder() throws Exception {
        write(Configuration.FILE_NAME, "headcount.backend=nonsense\n");
        Path other = write("other.properties", "headcount.backend=sidecar\n");
        assertEquals(
                other,
                load(Map.of(Configuration.ENVIRONMENT_VARIABLE, other.toString()))
                        .source());
    }

    @Test
    void missingFileOfEnvironmentVariableIsRejected() {
        StartupException rejected = assertThrows(
                StartupException.class,
                () -> load(Map.of(Configuration.ENVIRONMENT_VARIABLE, "/nowhere/x.properties")));
        assertEquals("HEADCOUNT_CONFIG names /nowhere/x.properties, which is not a file", rejected.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            headcount.backand=native        | DIR/headcount.properties: there is no property headcount.backand; there are headcount.backend, headcount.library.path, headcount.sidecar.address
            headcount.backend=jni           | DIR/headcount.properties: headcount.backend=jni is not accepted; accepted is native or sidecar
            headcount.backend=              | DIR/headcount.properties: headcount.backend= is not accepted; accepted is native or sidecar
            headcount.library.path=lib.so   | DIR/headcount.properties: headcount.library.path=lib.so is not accepted; accepted is the absolute path of libheadcount.so
            headcount.library.path=         | DIR/headcount.properties: headcount.library.path= is not accepted; accepted is the absolute path of libheadcount.so
            """)
    void invalidPropertyIsReportedWithFileKeyAndValue(String text, String message) throws Exception {
        assertEquals(message, rejection(text + "\n"));
    }

    @Test
    void unreadableFileIsReported() throws Exception {
        Files.write(
                folder.resolve(Configuration.FILE_NAME), "headcount.backend=\\u00".getBytes(StandardCharsets.UTF_8));
        String message =
                assertThrows(StartupException.class, () -> load(Map.of())).getMessage();
        assertEquals(
                folder.resolve(Configuration.FILE_NAME) + " cannot be read: ",
                message.substring(0, message.indexOf("java.lang")));
    }
}
