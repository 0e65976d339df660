// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.headcounthll.sidecar.SidecarServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A sidecar that is killed under its queries. */
class SidecarLossTest {
    private static final int QUERIES = 20;

    private static SidecarServer sidecar;
    private static Sql sql;

    @BeforeAll
    static void start() {
        sidecar = SidecarServer.start();
        sql = Servers.single(Servers.sidecar(sidecar.socket(), "headcount.sidecar.connect-timeout=500ms"));
        sql.run("CREATE TABLE clients AS SELECT x, id, cast(hll_create(id) AS varbinary) AS hll FROM "
                + Clients.first(10_000));
    }

    @AfterAll
    static void stop() {
        sql.close();
        sidecar.close();
        // A plugin's functions are found statically: the other tests' backend comes back.
        Servers.plugin().getTypes();
    }

    /** Runs until it is killed: every pair of a table is a row, and every row is cast and merged. */
    private static String endless(int number) {
        return "SELECT a.x % 1000 + " + number
                + ", cardinality(merge(cast(a.hll AS HLL))) FROM clients a CROSS JOIN clients b GROUP BY 1";
    }

    @Test
    void eachRunningQueryFailsWithOneClearErrorAndTheNextWorks() throws Exception {
        ExecutorService users = Executors.newFixedThreadPool(QUERIES);
        try {
            List<Future<Sql.Failure>> failures = new ArrayList<>();
            for (int i = 0; i < QUERIES; i++) {
                String query = endless(i);
                failures.add(users.submit(() -> sql.failure(query)));
            }
            waitUntilAllRun();
            sidecar.kill();
            for (Future<Sql.Failure> failure : failures) {
                assertLost(failure.get());
            }
            assertLost(sql.failure("SELECT cardinality(merge(cast(hll AS HLL))) FROM clients"));
            // NULL would be a wrong answer. Trino 483 puts an error of its own around what a try_cast throws.
            assertNamesTheSidecar(sql.failure("SELECT count(try_cast(hll AS HLL)) FROM clients"));
            assertEquals(10_000L, sql.value("SELECT count(*) FROM clients"));
        } finally {
            users.shutdownNow();
        }
        sidecar.launch();
        assertEquals(10_511L, sql.value("SELECT cardinality(merge(cast(hll AS HLL))) FROM clients"));
    }

    private static void assertLost(Sql.Failure failure) {
        assertEquals("HEADCOUNT_SIDECAR_UNAVAILABLE", failure.code(), failure.message());
        assertNamesTheSidecar(failure);
    }

    private static void assertNamesTheSidecar(Sql.Failure failure) {
        assertTrue(failure.message().contains("sidecar at unix://" + sidecar.socket()), failure.message());
    }

    private static void waitUntilAllRun() throws InterruptedException {
        long processed = 0;
        while (processed < QUERIES) {
            Thread.sleep(100);
            processed = sql.runner().getCoordinator().getQueryManager().getQueries().stream()
                    .filter(query -> query.getQuery().contains("CROSS JOIN clients b")
                            && query.getQueryStats().getRunningDrivers() > 0)
                    .count();
        }
    }
}
