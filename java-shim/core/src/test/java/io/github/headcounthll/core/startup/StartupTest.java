// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.startup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartupTest {
    @TempDir
    private Path folder;

    private record Provider(String name) implements BackendProvider {
        @Override
        public StartupResult open(Configuration configuration) {
            return new StartupResult(null, name + " opened");
        }
    }

    private StartupResult start(String... providers) {
        return start(
                Arrays.stream(providers).<BackendProvider>map(Provider::new).toList());
    }

    private StartupResult start(List<BackendProvider> providers) {
        return new Installation(StartupTest.class, Map.of(), folder, folder).start(providers);
    }

    @Test
    void configuredBackendIsOpened() throws Exception {
        assertEquals("native opened", start("sidecar", "native").description());
        Files.writeString(folder.resolve(Configuration.FILE_NAME), "headcount.backend=sidecar");
        assertEquals("sidecar opened", start("sidecar", "native").description());
    }

    @Test
    void invalidConfigurationIsRejected() throws Exception {
        Files.writeString(folder.resolve(Configuration.FILE_NAME), "headcount.backend=jni");
        assertEquals(
                folder.resolve(Configuration.FILE_NAME)
                        + ": headcount.backend=jni is not accepted; accepted is native or sidecar",
                assertThrows(StartupException.class, () -> start("sidecar", "native"))
                        .getMessage());
    }

    @Test
    void missingDefaultBackendIsReported() {
        assertEquals(
                "this plugin has no backend native, only sidecar: set headcount.backend",
                assertThrows(StartupException.class, () -> start("sidecar")).getMessage());
    }

    @Test
    void backendExceptionIsReported() {
        BackendProvider broken = new BackendProvider() {
            @Override
            public String name() {
                return "native";
            }

            @Override
            public StartupResult open(Configuration configuration) {
                throw new NoClassDefFoundError("org/example/Missing");
            }
        };
        StartupException thrown = assertThrows(StartupException.class, () -> start(List.of(broken)));
        assertEquals(
                "backend native does not start: java.lang.NoClassDefFoundError: org/example/Missing",
                thrown.getMessage());
    }
}
