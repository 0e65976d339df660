// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.headcounthll.core.startup.StartupException;
import io.github.headcounthll.core.startup.StartupResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with the properties is found when the backend opens; a server that is not there is not wrong. */
class SettingsTest {
    @TempDir
    private Path folder;

    private static String rejection(Map<String, String> properties) {
        return assertThrows(StartupException.class, () -> Backends.open(properties))
                .getMessage();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            address=localhost                   | headcount.sidecar.address=localhost is not accepted; accepted is unix:///the/absolute/path or host:port
            address=unix://relative             | headcount.sidecar.address=unix://relative is not accepted; accepted is unix:///the/absolute/path or host:port
            address=host:70000                  | headcount.sidecar.address=host:70000 is not accepted; accepted is unix:///the/absolute/path or host:port
            tls=yes                             | headcount.sidecar.tls=yes is not accepted; accepted is true or false, and only false with a Unix socket
            tls=true                            | headcount.sidecar.tls=true is not accepted; accepted is true or false, and only false with a Unix socket
            connect-timeout=5                   | headcount.sidecar.connect-timeout=5 is not accepted; accepted is a time above 0 such as 500ms, 5s or 1m
            exchange-timeout=0s                 | headcount.sidecar.exchange-timeout=0s is not accepted; accepted is a time above 0 such as 500ms, 5s or 1m
            tls.certificate=/etc/hosts          | headcount.sidecar.tls.certificate is set, and headcount.sidecar.tls is not true
            token-file=token                    | headcount.sidecar.token-file=token is not accepted; accepted is an absolute path
            token-file=/nowhere/token           | headcount.sidecar.token-file=/nowhere/token is not a file that can be read
            address=h:1;tls=true;tls.key=/etc/hosts | headcount.sidecar.tls.certificate and headcount.sidecar.tls.key go together: set both or none
            address=h:1;token-file=/etc/hosts   | headcount.sidecar.token-file would send the token in the clear to h:1: set headcount.sidecar.tls=true, or use a Unix socket
            token-file=/etc/hosts               | /etc/hosts holds no token: one word of printable ASCII is expected
            """)
    void whatIsWrongIsNamed(String properties, String reason) {
        Map<String, String> map = new HashMap<>();
        Arrays.stream(properties.split(";"))
                .map(pair -> pair.split("=", 2))
                .forEach(pair -> map.put("headcount.sidecar." + pair[0], pair[1]));
        assertEquals(reason, rejection(map).replace("headcount.properties: ", ""));
    }

    @Test
    void aCertificateThatIsNoneIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("ca.pem"), "no certificate");
        String reason = rejection(
                Map.of(Settings.ADDRESS, "localhost:1", Settings.TLS, "true", Settings.TRUSTED, file.toString()));
        assertTrue(reason.contains("localhost:1") && !reason.contains("\n"), reason);
    }

    @Test
    void unreachableServerDoesNotPreventStartup() {
        StartupResult node = Backends.open(
                Map.of(Settings.ADDRESS, "unix://" + folder.resolve("socket"), Settings.CONNECT_TIMEOUT, "100ms"));
        assertTrue(node.description().contains("does not answer yet"), node.description());
        assertTrue(node.description().contains(folder.resolve("socket").toString()), node.description());
    }
}
