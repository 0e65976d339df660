// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.startup.Configuration;
import io.github.headcounthll.core.startup.StartupException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The properties of this backend, read and checked.
 *
 * @param address where the server listens
 * @param tls whether over TLS; never over a Unix socket
 * @param trustedCertificates PEM; null for those that the JVM trusts
 * @param certificate PEM, of this client; null without
 * @param key PEM (PKCS#8), of that certificate; null without
 * @param token the bearer token; null without
 * @param connectTimeout how long an exchange waits for a connection
 * @param exchangeTimeout how long an exchange may take
 */
record Settings(
        Address address,
        boolean tls,
        Path trustedCertificates,
        Path certificate,
        Path key,
        String token,
        Duration connectTimeout,
        Duration exchangeTimeout) {
    static final String ADDRESS = "headcount.sidecar.address";
    static final String TLS = "headcount.sidecar.tls";
    static final String TRUSTED = "headcount.sidecar.tls.trusted-certificates";
    static final String CERTIFICATE = "headcount.sidecar.tls.certificate";
    static final String KEY = "headcount.sidecar.tls.key";
    static final String TOKEN_FILE = "headcount.sidecar.token-file";
    static final String CONNECT_TIMEOUT = "headcount.sidecar.connect-timeout";
    static final String EXCHANGE_TIMEOUT = "headcount.sidecar.exchange-timeout";
    static final List<String> KEYS =
            List.of(ADDRESS, TLS, TRUSTED, CERTIFICATE, KEY, TOKEN_FILE, CONNECT_TIMEOUT, EXCHANGE_TIMEOUT);

    private static final String DEFAULT_ADDRESS = "unix:///run/headcount/sidecar.sock";
    private static final String UNIX = "unix://";
    private static final Pattern HOST_PORT = Pattern.compile("(\\[[0-9a-fA-F:]+]|[^\\[\\]:/\\s]+):(\\d{1,5})");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}) ?(ms|s|m)");

    /**
     * Where a server listens.
     *
     * @param text as it was configured; host:port without a socket
     * @param socket a Unix socket, or null
     */
    record Address(String text, Path socket) {}

    static Settings read(Configuration configuration) {
        return new Reading(configuration).settings();
    }

    private record Reading(Configuration configuration) {
        Settings settings() {
            Address address = address();
            boolean tls = tls(address);
            Path certificate = file(CERTIFICATE, tls);
            Path key = file(KEY, tls);
            if ((certificate == null) != (key == null)) {
                throw new StartupException(
                        configuration.source() + ": " + CERTIFICATE + " and " + KEY + " go together: set both or none");
            }
            Path tokenFile = file(TOKEN_FILE, true);
            if (tokenFile != null && address.socket() == null && !tls) {
                throw new StartupException(
                        configuration.source() + ": " + TOKEN_FILE + " would send the token in the clear to "
                                + address.text() + ": set " + TLS + "=true, or use a Unix socket");
            }
            return new Settings(
                    address,
                    tls,
                    file(TRUSTED, tls),
                    certificate,
                    key,
                    token(tokenFile),
                    duration(CONNECT_TIMEOUT, Duration.ofSeconds(5)),
                    duration(EXCHANGE_TIMEOUT, Duration.ofMinutes(1)));
        }

        private Address address() {
            String text = configuration.property(ADDRESS) == null ? DEFAULT_ADDRESS : configuration.property(ADDRESS);
            if (text.startsWith(UNIX + "/")) {
                return new Address(
                        text, configuration.absolutePath(ADDRESS, text.substring(UNIX.length()), "an absolute path"));
            }
            Matcher hostPort = HOST_PORT.matcher(text);
            if (!hostPort.matches() || Integer.parseInt(hostPort.group(2)) > 0xFFFF) {
                throw configuration.notAccepted(ADDRESS, "unix:///the/absolute/path or host:port");
            }
            return new Address(text, null);
        }

        private boolean tls(Address address) {
            String value = configuration.property(TLS);
            if (value == null || value.equals("false")) {
                return false;
            }
            if (!value.equals("true") || address.socket() != null) {
                throw configuration.notAccepted(TLS, "true or false, and only false with a Unix socket");
            }
            return true;
        }

        /** The file that a property names; null when it is not set. */
        private Path file(String key, boolean applies) {
            String value = configuration.property(key);
            if (value == null) {
                return null;
            }
            if (!applies) {
                throw new StartupException(
                        configuration.source() + ": " + key + " is set, and " + TLS + " is not true");
            }
            Path file = configuration.absolutePath(key, value, "an absolute path");
            if (!Files.isReadable(file)) {
                throw new StartupException(
                        configuration.source() + ": " + key + "=" + value + " is not a file that can be read");
            }
            return file;
        }

        private String token(Path file) {
            if (file == null) {
                return null;
            }
            try {
                String token = Files.readString(file).strip();
                if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
                    throw new StartupException(file + " holds no token: one word of printable ASCII is expected");
                }
                return token;
            } catch (java.io.IOException e) {
                throw new StartupException(file + " cannot be read: " + e);
            }
        }

        private Duration duration(String key, Duration otherwise) {
            String value = configuration.property(key);
            if (value == null) {
                return otherwise;
            }
            Matcher parts = DURATION.matcher(value);
            if (!parts.matches() || Long.parseLong(parts.group(1)) == 0) {
                throw configuration.notAccepted(key, "a time above 0 such as 500ms, 5s or 1m");
            }
            long number = Long.parseLong(parts.group(1));
            return switch (parts.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                default -> Duration.ofMinutes(number);
            };
        }
    }
}
