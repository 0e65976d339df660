// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.api.ErrorCode;
import io.github.headcounthll.core.api.HeadcountException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that go, come back, want a token, or have limits. */
class LossTest {
    @TempDir
    private Path folder;

    @Test
    void aServerThatComesBackServesTheNextCall() throws Exception {
        try (SidecarServer server = SidecarServer.start()) {
            Backend backend = Backends.at(server, Settings.CONNECT_TIMEOUT, "200ms");
            assertEquals("12", Long.toString(backend.functions().precision(new byte[] {3, 12}, 0, 2)));
            server.kill();
            // More often than there are connections, so that each of them has met the loss.
            for (int i = 0; i < 8; i++) {
                HeadcountException thrown = assertThrows(
                        HeadcountException.class, () -> backend.functions().precision(new byte[] {3, 12}, 0, 2));
                assertEquals(ErrorCode.UNAVAILABLE, thrown.code());
                assertTrue(thrown.getMessage().contains(server.socket().toString()), thrown.getMessage());
            }
            server.launch();
            Backend patient = Backends.at(server);
            assertEquals(12, patient.functions().precision(new byte[] {3, 12}, 0, 2));
            for (int i = 0; i < 8; i++) {
                assertEquals(12, backendAgain(backend));
            }
        }
    }

    /** The short time to connect was for the errors; under load a connection may take longer. */
    private static long backendAgain(Backend backend) throws InterruptedException {
        for (int i = 0; ; i++) {
            try {
                return backend.functions().precision(new byte[] {3, 12}, 0, 2);
            } catch (HeadcountException e) {
                if (i == 100) {
                    throw e;
                }
                Thread.sleep(100);
            }
        }
    }

    @Test
    void aTokenIsSentAndAWrongOneIsToldApart() throws Exception {
        Path right = Files.writeString(folder.resolve("right"), "secret\n");
        Path wrong = Files.writeString(folder.resolve("wrong"), "guess\n");
        try (SidecarServer server = SidecarServer.start("--token-file=" + right)) {
            assertEquals(
                    12,
                    Backends.at(server, Settings.TOKEN_FILE, right.toString())
                            .functions()
                            .precision(new byte[] {3, 12}, 0, 2));
            HeadcountException thrown = assertThrows(
                    HeadcountException.class,
                    () -> Backends.at(server, Settings.TOKEN_FILE, wrong.toString())
                            .functions()
                            .precision(new byte[] {3, 12}, 0, 2));
            assertEquals(ErrorCode.UNAVAILABLE, thrown.code());
            assertTrue(thrown.getMessage().contains("UNAUTHENTICATED"), thrown.getMessage());
        }
    }

    @Test
    void aLimitOfTheServersIsToldApart() {
        try (SidecarServer server = SidecarServer.start("--max-rows=1")) {
            HeadcountException thrown = assertThrows(HeadcountException.class, () -> {
                var state = Backends.at(server).newSketches(1);
                state.merge(0, new byte[] {3, 12}, 0, 2);
                state.merge(0, new byte[] {3, 12}, 0, 2);
                state.flush();
            });
            assertEquals(ErrorCode.EXHAUSTED, thrown.code());
        }
    }
}
