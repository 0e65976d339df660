// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.headcounthll.sidecar.SidecarServer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A sidecar that is replaced as an upgrade does it: SIGTERM, and a new process on the same socket. */
class SidecarReplacedTest {
    private static final int REPLACED = 6;
    private static final int PAUSE_MILLIS = 300;

    /** Sketches of 5,000 groups; each comes as often as there are rows on the right. */
    private static final String GROUPS = "SELECT sum(g * c) FROM (SELECT mod(a.x, 5000) g,"
            + " cardinality(merge(cast(a.hll AS HLL))) c FROM clients a CROSS JOIN (SELECT x FROM clients LIMIT %d) b GROUP BY 1)";

    private static SidecarServer sidecar;
    private static Sql sql;

    @BeforeAll
    static void start() {
        sidecar = SidecarServer.start();
        sql = Servers.single(Servers.sidecar(sidecar.socket()));
        sql.run("CREATE TABLE clients AS SELECT x, cast(hll_create(id) AS varbinary) AS hll FROM "
                + Clients.first(10_000));
    }

    @AfterAll
    static void stop() {
        sql.close();
        sidecar.close();
        // A plugin's functions are found statically: the other tests' backend comes back.
        Servers.plugin().getTypes();
    }

    @Test
    void aQueryThatRunsGivesTheSameResult() throws Exception {
        Object want = sql.value(GROUPS.formatted(1));
        ExecutorService user = Executors.newSingleThreadExecutor();
        try {
            for (int replaced = 0; replaced < REPLACED; ) {
                Future<Object> got = user.submit(() -> sql.value(GROUPS.formatted(200)));
                while (!got.isDone()) {
                    Thread.sleep(PAUSE_MILLIS);
                    sidecar.stop();
                    sidecar.launch();
                    replaced++;
                }
                assertEquals(want, got.get());
            }
        } finally {
            user.shutdownNow();
        }
    }
}
