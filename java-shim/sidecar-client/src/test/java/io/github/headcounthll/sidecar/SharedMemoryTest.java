// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.ErrorCode;
import io.github.headcounthll.core.api.GroupedSketches;
import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.core.api.RowResults;
import io.github.headcounthll.core.api.Scalar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches in memory that the server lends: the same results and errors as in messages, and no loss when either ends. */
class SharedMemoryTest {
    private static final int ROWS = 3_000;
    private static final int LENGTH = 2 + 4096;

    @TempDir
    private Path folder;

    /** Dense sketches of precision 12 in one array: each has one register more than the one before, or as many. */
    static Column dense(int rows) {
        byte[] data = new byte[rows * LENGTH];
        for (int row = 0; row < rows; row++) {
            data[row * LENGTH] = 2;
            data[row * LENGTH + 1] = 12;
            Arrays.fill(data, row * LENGTH + 2, row * LENGTH + 2 + row % 4096, (byte) 1);
        }
        return new Column(
                data,
                IntStream.range(0, rows).map(row -> row * LENGTH).toArray(),
                IntStream.range(0, rows).map(row -> LENGTH).toArray(),
                rows);
    }

    private static byte[] merged(Backend backend, Column sketches) {
        GroupedSketches state = backend.newSketches(1);
        for (int row = 0; row < sketches.rows(); row++) {
            state.merge(0, sketches.data(), sketches.starts()[row], sketches.lengths()[row]);
        }
        return state.sketch(0);
    }

    private static void check(Backend backend) {
        Column sketches = dense(ROWS);
        RowResults precisions = backend.columnFunctions().answer(Scalar.CHECK, sketches, 0);
        for (int row = 0; row < ROWS; row++) {
            precisions.expect(row);
            assertEquals(12, precisions.words()[row]);
        }
        // The last one has all the others' registers.
        assertArrayEquals(sketches.row(ROWS - 1), merged(backend, sketches));
    }

    private static long files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            return files.filter(file -> file.getFileName().toString().matches("headcount-[0-9A-Z]+"))
                    .count();
        }
    }

    @Test
    void batchesGoThroughMemoryOfTheServer() throws Exception {
        try (SidecarServer server = SidecarServer.start()) {
            check(Backends.at(server));
            assertTrue(server.opened("/dev/shm/headcount-") > 0, "the server has no file of shared memory open");
        }
        assertEquals(0, files(), "files are left");
    }

    @Test
    void withoutSharedMemoryBatchesGoInMessages() throws Exception {
        try (SidecarServer server = SidecarServer.start("--shared-memory=false")) {
            check(Backends.at(server));
            assertEquals(0, server.opened("/dev/shm/headcount-"));
        }
    }

    @Test
    void anInvalidRowIsTheSameErrorAsInAMessage() {
        Column sketches = dense(ROWS);
        sketches.data()[2_000 * LENGTH] = 9;
        try (SidecarServer shared = SidecarServer.start();
                SidecarServer messages = SidecarServer.start("--shared-memory=false")) {
            String[] texts = new String[2];
            for (int i = 0; i < 2; i++) {
                Backend backend = Backends.at(i == 0 ? shared : messages);
                RowResults answers = backend.columnFunctions().answer(Scalar.CHECK, sketches, 0);
                answers.expect(1_999);
                answers.expect(2_001);
                HeadcountException row = assertThrows(HeadcountException.class, () -> answers.expect(2_000));
                HeadcountException call = assertThrows(
                        HeadcountException.class, () -> backend.functions().check(sketches));
                assertEquals(ErrorCode.MALFORMED, row.code());
                assertEquals(2_000, call.row());
                assertEquals(
                        ErrorCode.MALFORMED,
                        assertThrows(HeadcountException.class, () -> merged(backend, sketches))
                                .code());
                texts[i] = row.getMessage() + call.getMessage();
            }
            assertEquals(texts[1], texts[0]);
        }
    }

    @Test
    void aServerThatComesBackLendsAgain() throws Exception {
        try (SidecarServer server = SidecarServer.start()) {
            Backend backend = Backends.at(server);
            check(backend);
            server.kill();
            HeadcountException thrown = assertThrows(HeadcountException.class, () -> merged(backend, dense(ROWS)));
            assertEquals(ErrorCode.UNAVAILABLE, thrown.code());
            server.launch();
            for (int i = 0; i < 100 && server.opened("/dev/shm/headcount-") == 0; i++) {
                Thread.sleep(100); // the client waits a moment before it asks again
                check(backend);
            }
            assertTrue(server.opened("/dev/shm/headcount-") > 0, "the server has no file of shared memory open");
        }
        assertEquals(0, files(), "files are left");
    }

    @Test
    void memoryThatTheServerTakesBackIsReplaced() throws Exception {
        try (SidecarServer server = SidecarServer.start("--idle-timeout=200ms")) {
            Backend backend = Backends.at(server);
            for (int i = 0; i < 5; i++) {
                check(backend);
                Thread.sleep(150 + 25 * i); // sometimes before, sometimes after
            }
        }
    }

    @Test
    void aKeptExchangeAnswersEachColumnWithItsOwnRows() throws Exception {
        try (SidecarServer server = SidecarServer.start("--log-level=debug")) {
            Backend backend = Backends.at(server);
            Column sketches = dense(ROWS);
            byte[] bad = sketches.data().clone();
            bad[1_000 * LENGTH] = 9;
            Column invalid = new Column(bad, sketches.starts(), sketches.lengths(), 1_200);
            backend.columnFunctions().answer(Scalar.CHECK, sketches, 0);
            long before = server.exchanges();
            for (int i = 1; i <= 20; i++) {
                Column part = new Column(
                        sketches.data(),
                        Arrays.copyOfRange(sketches.starts(), i, i + 100 * (i % 10 + 1)),
                        Arrays.copyOfRange(sketches.lengths(), i, i + 100 * (i % 10 + 1)),
                        100 * (i % 10 + 1));
                assertEquals(
                        part.rows(),
                        backend.columnFunctions().answer(Scalar.CHECK, part, 0).words().length);
                RowResults answers = backend.columnFunctions().answer(Scalar.CHECK, invalid, 0);
                answers.expect(999);
                answers.expect(1_001);
                HeadcountException thrown = assertThrows(HeadcountException.class, () -> answers.expect(1_000));
                assertEquals(1_000, thrown.row());
            }
            assertEquals(before, server.exchanges(), "exchanges that have ended");
            long two = backend.functions().cardinality(sketches.data(), 2 * LENGTH, LENGTH);
            assertEquals(
                    two,
                    backend.columnFunctions()
                            .answer(Scalar.CARDINALITY, sketches, 0)
                            .words()[2]);
            backend.columnFunctions().answer(Scalar.CHECK, sketches, 0).expect(ROWS - 1);
        }
    }

    @Test
    void aServerStopsWithoutWaitingForKeptExchanges() {
        try (SidecarServer server = SidecarServer.start("--drain-timeout=60s")) {
            check(Backends.at(server));
            long before = System.nanoTime();
            server.stop();
            assertTrue(System.nanoTime() - before < 30_000_000_000L);
            server.logged("\"msg\":\"stopped\",\"all_calls_finished\":true");
        }
    }

    @Test
    void moreThreadsThanMemoryGetTheirOwnResults() throws Exception {
        try (SidecarServer server = SidecarServer.start()) {
            Backend backend = Backends.at(server);
            ExecutorService threads = Executors.newFixedThreadPool(16);
            try {
                Column sketches = dense(ROWS);
                Future<?>[] all = new Future<?>[48];
                for (int i = 0; i < all.length; i++) {
                    int row = i * 40 + 17;
                    all[i] = threads.submit(() -> {
                        Column same = new Column(
                                sketches.data(),
                                IntStream.range(0, 600)
                                        .map(each -> row * LENGTH)
                                        .toArray(),
                                IntStream.range(0, 600).map(each -> LENGTH).toArray(),
                                600);
                        assertArrayEquals(sketches.row(row), merged(backend, same));
                        RowResults counts = backend.columnFunctions().answer(Scalar.CARDINALITY, same, 0);
                        long expected = backend.functions().cardinality(sketches.data(), row * LENGTH, LENGTH);
                        for (long count : counts.words()) {
                            assertEquals(expected, count);
                        }
                    });
                }
                for (Future<?> each : all) {
                    each.get();
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    @Test
    void onlyAFileWithTheTokenIsOpened() throws Exception {
        String token = "0123456789abcdef".repeat(4);
        String name = "headcount-ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        Path socket = folder.resolve("s");
        byte[] answer = (name + " " + token + " 64").getBytes(StandardCharsets.US_ASCII);
        assertNull(SharedMemory.open(answer, socket), "no file");
        byte[] content = new byte[64];
        Path file = Files.write(folder.resolve(name), content);
        assertNull(SharedMemory.open(answer, socket), "another file");
        assertArrayEquals(content, Files.readAllBytes(file));
        System.arraycopy(java.util.HexFormat.of().parseHex(token), 0, content, 0, 32);
        Files.write(file, Arrays.copyOf(content, 63));
        assertNull(SharedMemory.open(answer, socket), "another size");
        Files.move(Files.write(file, content), folder.resolve("target"));
        Files.createSymbolicLink(file, folder.resolve("target"));
        assertNull(SharedMemory.open(answer, socket), "a link");
        Files.move(folder.resolve("target"), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertTrue(SharedMemory.open(answer, socket).isLent());
        assertFalse(Files.exists(file));
        for (String wrong : new String[] {"", "../" + name + " " + token + " 64", name + " " + token + " -1"}) {
            assertThrows(
                    Malformed.class, () -> SharedMemory.open(wrong.getBytes(StandardCharsets.US_ASCII), socket), wrong);
        }
    }
}
