// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.ErrorCode;
import io.github.headcounthll.core.api.GroupedSketches;
import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.core.api.Scalar;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Merges of so many groups that the server holds their sketches while the rows come. */
class OpenMergeTest {
    private static final int GROUPS = 2_000;
    private static final int ROUNDS = 4;
    private static final int REGISTERS = 4096;
    private static final int LENGTH = 2 + REGISTERS;
    private static final String LOGGED = "--log-level=debug";

    private interface Step {
        void run(int round) throws Exception;
    }

    /** A round's rows, one for each group: dense sketches of which every group and round has registers of its own. */
    static Column rows(int round, int groups) {
        byte[] data = new byte[groups * LENGTH];
        for (int group = 0; group < groups; group++) {
            data[group * LENGTH] = 2;
            data[group * LENGTH + 1] = 12;
            set(data, group * LENGTH, group, round);
        }
        return new Column(
                data,
                IntStream.range(0, groups).map(group -> group * LENGTH).toArray(),
                IntStream.range(0, groups).map(group -> LENGTH).toArray(),
                groups);
    }

    private static void set(byte[] data, int start, int group, int round) {
        for (int i = 0; i < 400; i++) {
            int register = (group * 31 + round * 977 + i) % REGISTERS;
            data[start + 2 + register] = (byte) Math.max(data[start + 2 + register], 1 + (group + round + i) % 40);
        }
    }

    /** The union of a group's rows, by its definition. */
    private static byte[] expected(int group, int rounds) {
        byte[] union = new byte[LENGTH];
        union[0] = 2;
        union[1] = 12;
        for (int round = 0; round < rounds; round++) {
            set(union, 0, group, round);
        }
        return union;
    }

    private static void merge(GroupedSketches state, Column rows) {
        for (int group = 0; group < rows.rows(); group++) {
            state.merge(group, rows.data(), rows.starts()[group], rows.lengths()[group]);
        }
        state.pageDone();
    }

    private static GroupedSketches merged(Backend backend, int groups, Step between) throws Exception {
        GroupedSketches state = backend.newSketches(groups);
        for (int round = 0; round < ROUNDS; round++) {
            merge(state, rows(round, groups));
            between.run(round);
        }
        return state;
    }

    private static void assertMerged(GroupedSketches state, int groups, int rounds) {
        for (int group = 0; group < groups; group++) {
            assertArrayEquals(expected(group, rounds), state.sketch(group), "group " + group);
        }
    }

    /** What a backend needs before it knows that its server acknowledges batches: shared memory. */
    private static Backend warm(SidecarServer server) {
        Backend backend = Backends.at(server);
        backend.columnFunctions().answer(Scalar.CHECK, rows(0, 100), 0).expect(99);
        return backend;
    }

    /** The exchanges of merge that have ended. */
    private static long merges(SidecarServer server) {
        return server.exchanges("\"function\":\"merge");
    }

    @Test
    void theSketchesCrossOnce() throws Exception {
        try (SidecarServer server = SidecarServer.start(LOGGED)) {
            Backend backend = warm(server);
            GroupedSketches state = merged(backend, GROUPS, round -> {});
            assertTrue(state.retainedBytes() < 4L * GROUPS * LENGTH, "bytes held here: " + state.retainedBytes());
            assertEquals(0, merges(server));
            assertMerged(state, GROUPS, ROUNDS);
            assertEquals(1, merges(server));
            assertTrue(server.answeredBytes() < 2L * GROUPS * LENGTH, "bytes of answers: " + server.answeredBytes());
        }
    }

    @Test
    void rowsThatWereCastAreNotSentAgain() throws Exception {
        try (SidecarServer server = SidecarServer.start(LOGGED)) {
            Backend backend = warm(server);
            GroupedSketches state = backend.newSketches(GROUPS);
            for (int round = 0; round < ROUNDS; round++) {
                Column rows = rows(round, GROUPS);
                for (int from = 0; from < GROUPS; from += 200) {
                    Column page = new Column(
                            rows.data(),
                            Arrays.copyOfRange(rows.starts(), from, from + 200),
                            Arrays.copyOfRange(rows.lengths(), from, from + 200),
                            200);
                    backend.columnFunctions().answer(Scalar.CHECK, page, 0).expect(199);
                    byte[] copy = Arrays.copyOfRange(rows.data(), from * LENGTH, (from + 200) * LENGTH);
                    for (int row = 0; row < 200; row++) {
                        if (row % 17 == 0) { // not what was cast
                            copy[row * LENGTH + 2] = 50;
                        }
                        state.merge(from + row, copy, row * LENGTH, LENGTH);
                    }
                    state.pageDone();
                }
            }
            for (int group = 0; group < GROUPS; group++) {
                byte[] expected = expected(group, ROUNDS);
                if (group % 200 % 17 == 0) {
                    expected[2] = 50;
                }
                assertArrayEquals(expected, state.sketch(group), "group " + group);
            }
            assertTrue(server.keptBytes() > (long) ROUNDS * GROUPS * LENGTH / 2, "bytes kept: " + server.keptBytes());
            assertEquals(1, merges(server));
        }
    }

    @Test
    void aServerThatStopsGivesBackWhatItHolds() throws Exception {
        try (SidecarServer server = SidecarServer.start("--drain-timeout=20s", LOGGED)) {
            Backend backend = warm(server);
            GroupedSketches state = merged(backend, GROUPS, round -> {
                if (round == 1) {
                    server.stop();
                    server.launch();
                }
            });
            assertMerged(state, GROUPS, ROUNDS);
        }
    }

    @Test
    void aServerThatWaitsTooLongGivesBackWhatItHolds() throws Exception {
        try (SidecarServer server = SidecarServer.start("--idle-timeout=400ms", LOGGED)) {
            Backend backend = warm(server);
            GroupedSketches state = merged(backend, GROUPS, round -> Thread.sleep(round == 2 ? 1000 : 0));
            assertMerged(state, GROUPS, ROUNDS);
        }
    }

    @Test
    void aServerWithoutMemoryGivesBackWhatItHolds() throws Exception {
        // Shared memory takes 28 MB, a call that stays open with it 20 MB, and an open merge 24 MB before its sketches.
        try (SidecarServer server =
                SidecarServer.start("--max-message=16MiB", "--max-memory=88MiB", "--max-calls=4", LOGGED)) {
            Backend backend = warm(server);
            int groups = 9_000;
            GroupedSketches state = merged(backend, groups, round -> {
                if (round == 0) {
                    // One has ended before the size at which the client ends it. One that is sent with its rows has at
                    // most 1,020.
                    assertTrue(server.mostGroups() > 2_000, "groups: " + server.mostGroups());
                }
            });
            assertMerged(state, groups, ROUNDS);
        }
    }

    @Test
    void aKilledServerIsAnError() throws Exception {
        try (SidecarServer server = SidecarServer.start(LOGGED)) {
            Backend backend = warm(server);
            HeadcountException thrown = assertThrows(
                    HeadcountException.class,
                    () -> merged(backend, GROUPS, round -> {
                                if (round == 1) {
                                    server.kill();
                                    server.launch();
                                }
                            })
                            .sketch(0));
            assertEquals(ErrorCode.UNAVAILABLE, thrown.code(), thrown.getMessage());
            assertMerged(merged(backend, GROUPS, round -> {}), GROUPS, ROUNDS);
        }
    }

    @Test
    void aRowThatIsNoSketchIsAnError() throws Exception {
        try (SidecarServer server = SidecarServer.start(LOGGED)) {
            Backend backend = warm(server);
            HeadcountException thrown = assertThrows(HeadcountException.class, () -> {
                GroupedSketches state = merged(backend, GROUPS, round -> {});
                state.merge(7, new byte[] {9}, 0, 1);
                state.sketch(0);
            });
            assertEquals(ErrorCode.of("malformed"), thrown.code(), thrown.getMessage());
        }
    }

    @Test
    void manyGroupsMoreThanTheServerMayHold() throws Exception {
        try (SidecarServer server = SidecarServer.start(LOGGED)) {
            Backend backend = warm(server);
            int groups = 12_000;
            assertMerged(merged(backend, groups, round -> {}), groups, ROUNDS);
        }
    }

    @Test
    void withoutSharedMemoryTheSketchesStayHere() throws Exception {
        try (SidecarServer server = SidecarServer.start("--shared-memory=false", LOGGED)) {
            GroupedSketches state = merged(Backends.at(server), GROUPS, round -> {});
            assertTrue(merges(server) > 1);
            assertMerged(state, GROUPS, ROUNDS);
        }
    }

    @Test
    void copiesAndOtherKindsOfRowsAndGroupsWithoutRows() throws Exception {
        try (SidecarServer server = SidecarServer.start(LOGGED)) {
            Backend backend = warm(server);
            GroupedSketches state = backend.newSketches(GROUPS + 1);
            GroupedSketches ids = backend.newSketches(1);
            ids.addLong(0, 5, 12);
            merge(state, rows(0, GROUPS));
            state.addLong(3, 5, 12);
            merge(state, rows(1, GROUPS));
            GroupedSketches copy = state.copy();
            merge(state, rows(2, GROUPS));
            merge(copy, rows(3, GROUPS));
            for (int group = 0; group < GROUPS; group++) {
                byte[] first = expected(group, 3);
                byte[] second = expected(group, 2);
                set(second, 0, group, 3);
                if (group == 3) {
                    first = union(backend, first, ids.sketch(0));
                    second = union(backend, second, ids.sketch(0));
                }
                assertArrayEquals(first, state.sketch(group), "group " + group);
                assertArrayEquals(second, copy.sketch(group), "group " + group + " of the copy");
            }
            assertNull(state.sketch(GROUPS));
        }
    }

    private static byte[] union(Backend backend, byte[]... sketches) {
        GroupedSketches state = backend.newSketches(1);
        for (byte[] sketch : sketches) {
            state.merge(0, sketch, 0, sketch.length);
        }
        return state.sketch(0);
    }

    @Test
    void moreThanMayBeOpenAtOnce() throws Exception {
        try (SidecarServer server = SidecarServer.start(LOGGED)) {
            together(warm(server), 20);
        }
    }

    /** Merges in as many threads, of so many groups each that the server is asked to hold them. */
    private static void together(Backend backend, int count) throws Exception {
        int groups = 700;
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            Future<?>[] all = new Future<?>[count];
            for (int i = 0; i < all.length; i++) {
                all[i] = threads.submit(() -> {
                    assertMerged(merged(backend, groups, round -> {}), groups, ROUNDS);
                    return null;
                });
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aServerWithFewCallsOpensFewer() throws Exception {
        try (SidecarServer server = SidecarServer.start("--max-calls=20", LOGGED)) {
            together(warm(server), 5);
        }
        try (SidecarServer server = SidecarServer.start("--max-calls=3", LOGGED)) {
            Backend backend = Backends.at(server);
            assertMerged(merged(backend, GROUPS, round -> {}), GROUPS, ROUNDS);
        }
    }

    @Test
    void whatNobodyAsksForAnyMoreIsClosed() throws Exception {
        try (SidecarServer server = SidecarServer.start("--idle-timeout=2s", LOGGED)) {
            Backend backend = warm(server);
            for (int i = 0; i < 40; i++) {
                GroupedSketches state = backend.newSketches(GROUPS);
                merge(state, rows(0, GROUPS));
                merge(state, rows(1, GROUPS));
            }
            server.logged("\"function\":\"merge", "\"code\":\"OK\"", "\"seconds\":1.");
            assertMerged(merged(backend, GROUPS, round -> {}), GROUPS, ROUNDS);
        }
    }
}
