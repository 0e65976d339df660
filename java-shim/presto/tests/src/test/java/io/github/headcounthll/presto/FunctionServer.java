// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import io.github.headcounthll.sidecar.SidecarServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.List;

/** The sidecar of this JVM's tests, with a port for REST. */
final class FunctionServer {
    private static int port;
    private static SidecarServer shared;

    private FunctionServer() {}

    static synchronized SidecarServer shared() {
        if (shared == null) {
            port = freePort();
            shared = SidecarServer.start("--presto=127.0.0.1:" + port);
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    private static int freePort() {
        try (ServerSocket probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where PrestoDB finds the functions. */
    static synchronized String url() {
        shared();
        return "http://127.0.0.1:" + port;
    }

    /** The lines of a headcount.properties that finds a server. */
    static List<String> properties(SidecarServer server) {
        return List.of("headcount.backend=sidecar", "headcount.sidecar.address=unix://" + server.socket());
    }
}
