// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.headcounthll.clib.Sketches.Block;
import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.api.Functions;
import io.github.headcounthll.core.api.GroupedSketches;
import io.github.headcounthll.core.api.HeadcountException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many calls from many threads. */
public abstract class ConcurrencyTests {
    private final Backend backend;
    private final Functions functions;

    protected ConcurrencyTests(Backend backend) {
        this.backend = backend;
        functions = backend.functions();
    }

    /** More threads than cores, errors and the garbage collector among them: each gets its own answers. */
    @Test
    void threadsDoNotMeet() throws Exception {
        int threads = 4 * Runtime.getRuntime().availableProcessors() + 3;
        byte[][] rows = IntStream.range(0, 50)
                .mapToObj(i ->
                        i % 2 == 0 ? Sketches.dense(12, new SplittableRandom(i)) : Sketches.ofIds(functions, 12, i, i))
                .toArray(byte[][]::new);
        byte[][] expected = merge(0, rows);
        List<Future<?>> all = new ArrayList<>();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int thread = 0; thread < threads; thread++) {
                int seed = thread;
                all.add(pool.submit(() -> {
                    for (int round = 0; round < 30; round++) {
                        byte[][] got = merge(seed + round, rows);
                        for (int group = 0; group < got.length; group++) {
                            assertArrayEquals(expected[group], got[group]);
                        }
                        callWithInvalidSketch();
                        if (round % 10 == seed % 10) {
                            System.gc();
                        }
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** Merges every row into each of 5 groups, beginning somewhere. */
    private byte[][] merge(int first, byte[][] rows) {
        Block block = new Block(rows);
        GroupedSketches state = backend.newSketches(5);
        for (int i = 0; i < 5 * rows.length; i++) {
            int row = (first + i / 5) % rows.length;
            state.merge(i % 5, block.array, block.starts[row], block.lengths[row]);
        }
        return IntStream.range(0, 5).mapToObj(state::sketch).toArray(byte[][]::new);
    }

    private void callWithInvalidSketch() {
        try {
            functions.check(new byte[] {3, 12, 1}, 0, 3);
            throw new AssertionError("three bytes were taken for a sketch");
        } catch (HeadcountException e) {
            assertTrue(e.getMessage().startsWith("hll: "), e.getMessage());
        }
    }

    /** The library keeps nothing, and what is copied off the heap is given back. */
    @Test
    void nothingLeaks() throws Exception {
        byte[] large = Sketches.dense(20, new SplittableRandom(1));
        for (int i = 0; i < 50; i++) {
            work(large);
        }
        long before = resident();
        for (int i = 0; i < 500; i++) {
            work(large);
        }
        long grown = resident() - before;
        assertTrue(grown < 200 << 20, "resident memory grew by " + grown + " bytes over 500 rounds of 3 MB");
    }

    private void work(byte[] large) {
        functions.cardinality(large, 0, large.length);
        GroupedSketches state = backend.newSketches(1);
        state.merge(0, large, 0, large.length);
        assertEquals(large.length, state.encode(0));
        for (int i = 0; i < 20; i++) {
            callWithInvalidSketch();
        }
    }

    /** Resident memory without the Java heap's share of it: what /proc says of memory that no file backs, less the heap. */
    private static long resident() throws Exception {
        System.gc();
        long pages =
                Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]);
        return pages * 4096 - Runtime.getRuntime().totalMemory();
    }
}
