// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.GroupedSketches;
import io.github.headcounthll.core.api.Scalar;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rows that are merged after they were cast: the server keeps them, and the result is that of rows that are sent. */
class KeptRowsTest {
    private static final int PAGE = 250;
    private static final int PAGES = 20;
    private static final int ROWS = PAGE * PAGES;
    private static final int GROUPS = 3;
    private static final Column SKETCHES = SharedMemoryTest.dense(ROWS);
    private static final int LENGTH = SKETCHES.lengths()[0];

    private interface Step {
        void run(int page) throws Exception;
    }

    /** The rows of a page in an array of their own, as an engine copies what a cast returns. */
    private static byte[] copied(int page, IntUnaryOperator order) {
        byte[] copy = new byte[PAGE * LENGTH];
        for (int row = 0; row < PAGE; row++) {
            System.arraycopy(
                    SKETCHES.data(), (page * PAGE + order.applyAsInt(row)) * LENGTH, copy, row * LENGTH, LENGTH);
        }
        return copy;
    }

    private static void cast(Backend backend, int page) {
        Column rows = new Column(
                SKETCHES.data(),
                Arrays.copyOfRange(SKETCHES.starts(), page * PAGE, (page + 1) * PAGE),
                Arrays.copyOfRange(SKETCHES.lengths(), page * PAGE, (page + 1) * PAGE),
                PAGE);
        backend.columnFunctions().answer(Scalar.CHECK, rows, 0).expect(PAGE - 1);
    }

    private static void merge(GroupedSketches state, byte[] page, int step) {
        for (int row = 0; row < PAGE; row += step) {
            state.merge(row % GROUPS, page, row * LENGTH, LENGTH);
        }
        state.pageDone();
    }

    /** What every row of a group gives together, by the definition of the union. */
    private static byte[] expected(int group, int step) {
        byte[] union = SKETCHES.row(0);
        for (int row = 0; row < ROWS; row++) {
            if (row % PAGE % GROUPS == group && row % PAGE % step == 0) {
                for (int i = 2; i < LENGTH; i++) {
                    union[i] = (byte) Math.max(union[i], SKETCHES.data()[row * LENGTH + i]);
                }
            }
        }
        return union;
    }

    private static GroupedSketches castAndMerge(Backend backend, int step, Step between) throws Exception {
        GroupedSketches state = backend.newSketches(GROUPS);
        for (int page = 0; page < PAGES; page++) {
            cast(backend, page);
            between.run(page);
            merge(state, copied(page, row -> row), step);
        }
        return state;
    }

    private static void assertMerged(GroupedSketches state, int step) {
        for (int group = 0; group < GROUPS; group++) {
            assertArrayEquals(expected(group, step), state.sketch(group), "group " + group);
        }
    }

    @Test
    void rowsThatWereCastAreNotSentAgain() throws Exception {
        try (SidecarServer server = SidecarServer.start("--log-level=debug")) {
            assertMerged(castAndMerge(Backends.at(server), 1, page -> {}), 1);
            // Not of the first pages: there is no memory yet when they are cast.
            assertTrue(server.keptBytes() >= (long) ROWS * LENGTH / 2, "bytes kept");
            assertMerged(castAndMerge(Backends.at(server), 7, page -> {}), 7);
            assertTrue(server.keptBytes() > (long) ROWS * LENGTH, "rows that a filter leaves");
        }
    }

    @Test
    void withoutSharedMemoryTheyAreSent() throws Exception {
        try (SidecarServer server = SidecarServer.start("--log-level=debug", "--shared-memory=false")) {
            assertMerged(castAndMerge(Backends.at(server), 1, page -> {}), 1);
            assertEquals(0, server.keptBytes());
        }
    }

    @Test
    void aRowThatDiffersByOneByteIsSent() throws Exception {
        try (SidecarServer server = SidecarServer.start("--log-level=debug")) {
            Backend backend = Backends.at(server);
            for (int at : new int[] {2, LENGTH / 2, LENGTH - 1}) {
                GroupedSketches state = backend.newSketches(GROUPS);
                byte[][] expected = IntStream.range(0, GROUPS)
                        .mapToObj(group -> expected(group, 1))
                        .toArray(byte[][]::new);
                for (int page = 0; page < PAGES; page++) {
                    cast(backend, page);
                    byte[] copy = copied(page, row -> row);
                    copy[77 * LENGTH + at] = (byte) (20 + page);
                    merge(state, copy, 1);
                }
                expected[77 % GROUPS][at] = 20 + PAGES - 1;
                for (int group = 0; group < GROUPS; group++) {
                    assertArrayEquals(expected[group], state.sketch(group), "group " + group);
                }
            }
            assertTrue(server.keptBytes() > 0 && server.keptBytes() <= 3L * (ROWS - PAGES) * LENGTH, "bytes kept");
        }
    }

    @Test
    void rowsInAnotherOrderAndOfOtherColumnsGiveTheSame() throws Exception {
        try (SidecarServer server = SidecarServer.start()) {
            Backend backend = Backends.at(server);
            GroupedSketches backwards = backend.newSketches(1);
            GroupedSketches first = backend.newSketches(1);
            GroupedSketches second = backend.newSketches(1);
            GroupedSketches ids = backend.newSketches(1);
            for (int page = 0; page < PAGES; page++) {
                cast(backend, page);
                cast(backend, PAGES - 1 - page);
                byte[] reversed = copied(page, row -> PAGE - 1 - row);
                byte[] one = copied(page, row -> row);
                byte[] other = copied(PAGES - 1 - page, row -> row);
                for (int row = 0; row < PAGE; row++) {
                    backwards.merge(0, reversed, row * LENGTH, LENGTH);
                    first.merge(0, one, row * LENGTH, LENGTH);
                }
                for (int row = 0; row < PAGE; row++) {
                    second.merge(0, other, row * LENGTH, LENGTH);
                }
                ids.addLong(0, page, 12);
                ids.merge(0, one, 0, LENGTH);
            }
            // The last has all the others' registers.
            byte[] all = SKETCHES.row(4095);
            assertArrayEquals(all, backwards.sketch(0));
            assertArrayEquals(all, first.copy().sketch(0));
            assertArrayEquals(all, first.sketch(0));
            assertArrayEquals(all, second.sketch(0));
            assertEquals(LENGTH, ids.sketch(0).length);
        }
    }

    @Test
    void whatTheServerHasLostIsSent() throws Exception {
        try (SidecarServer server = SidecarServer.start("--idle-timeout=200ms", "--log-level=debug")) {
            Backend backend = Backends.at(server);
            assertMerged(
                    castAndMerge(backend, 1, page -> {
                        if (page % 5 == 4) {
                            Thread.sleep(150 + 10 * page); // sometimes before, sometimes after
                        } else if (page == 10) {
                            server.kill();
                            server.launch();
                        }
                    }),
                    1);
        }
    }

    @Test
    void moreThreadsThanMemoryMergeTheirOwnRows() throws Exception {
        try (SidecarServer server = SidecarServer.start()) {
            Backend backend = Backends.at(server);
            ExecutorService threads = Executors.newFixedThreadPool(12);
            try {
                Future<?>[] all = new Future<?>[24];
                for (int i = 0; i < all.length; i++) {
                    int step = 1 + i % 2;
                    all[i] = threads.submit(() -> {
                        assertMerged(castAndMerge(backend, step, page -> {}), step);
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
    }
}
