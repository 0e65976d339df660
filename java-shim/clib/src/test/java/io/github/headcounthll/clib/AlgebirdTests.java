// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.twitter.algebird.HLL;
import com.twitter.algebird.HyperLogLog;
import com.twitter.algebird.HyperLogLogMonoid;
import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.api.Functions;
import io.github.headcounthll.core.api.GroupedSketches;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random sketches, there and back between this library and the one that the format is from. */
public abstract class AlgebirdTests {
    private final Backend backend;
    private final Functions functions;

    protected AlgebirdTests(Backend backend) {
        this.backend = backend;
        functions = backend.functions();
    }

    private static HLL theirs(HyperLogLogMonoid monoid, byte[][] ids) {
        HLL sum = monoid.zero();
        for (byte[] id : ids) {
            sum = monoid.plus(sum, monoid.create(id));
        }
        return sum;
    }

    private static byte[] bytes(HLL sketch) {
        return HyperLogLog.toBytes(sketch);
    }

    private byte[] ours(int precision, byte[][] ids) {
        GroupedSketches state = backend.newSketches(1);
        for (byte[] id : ids) {
            state.add(0, id, 0, id.length, precision);
        }
        return ids.length == 0 ? functions.empty(precision) : state.sketch(0);
    }

    /** Ids of any bytes, some of them again. */
    private static byte[][] ids(SplittableRandom random, int count) {
        byte[][] ids = new byte[count][];
        for (int i = 0; i < count; i++) {
            if (i > 0 && random.nextInt(4) == 0) {
                ids[i] = ids[random.nextInt(i)];
                continue;
            }
            ids[i] = new byte[random.nextInt(40)];
            random.nextBytes(ids[i]);
        }
        return ids;
    }

    private void assertSame(HLL theirs, byte[] ours) {
        HLL read = HyperLogLog.fromBytes(ours);
        assertEquals(theirs.bits(), read.bits());
        assertArrayEquals(registers(theirs), registers(read));
        byte[] written = bytes(theirs);
        assertEquals(theirs.approximateSize().estimate(), functions.cardinality(ours, 0, ours.length));
        assertEquals(theirs.approximateSize().estimate(), functions.cardinality(written, 0, written.length));
        assertArrayEquals(ours, Sketches.union(functions, functions.empty(theirs.bits()), written));
    }

    private static byte[] registers(HLL sketch) {
        return bytes(sketch.toDenseHLL());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 8, 9, 12, 14, 16, 17})
    void sketchesOfRandomIdsAreTheSame(int precision) {
        HyperLogLogMonoid monoid = new HyperLogLogMonoid(precision);
        SplittableRandom random = new SplittableRandom(precision);
        for (int round = 0; round < 60; round++) {
            byte[][] ids = ids(random, random.nextInt(2 + (round % 6) * 60));
            assertSame(theirs(monoid, ids), ours(precision, ids));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8, 12, 14})
    void unionsOfEachOthersSketchesAreTheSame(int precision) {
        HyperLogLogMonoid monoid = new HyperLogLogMonoid(precision);
        SplittableRandom random = new SplittableRandom(100 + precision);
        for (int round = 0; round < 40; round++) {
            GroupedSketches state = backend.newSketches(1);
            HLL sum = monoid.zero();
            for (int i = 1 + random.nextInt(6); i > 0; i--) {
                byte[][] ids = ids(random, random.nextInt(400));
                HLL theirs = theirs(monoid, ids);
                byte[] row = random.nextBoolean() ? bytes(theirs) : ours(precision, ids);
                state.merge(0, row, 0, row.length);
                sum = monoid.plus(sum, HyperLogLog.fromBytes(row));
            }
            assertSame(sum, state.sketch(0));
        }
    }
}
