// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.vectors;

import com.twitter.algebird.HLL;
import com.twitter.algebird.HyperLogLog;
import com.twitter.algebird.HyperLogLogMonoid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sketches that sets of ids rarely or never give: extreme hashes, dense registers and orders of sparse entries. */
final class EdgeVectors {
    /** The two words of a hash. */
    private static final long[][] HASHES = {{0, 0}, {0, 1}, {1, 0}, {-1, -1}, {0, 1L << 63}, {1L << 63, 0}, {1L << 60, 1},
        {0xfL << 60, 0}, {0xfffL << 52, 1}, {0xffffL << 48, 1}, {1L << 52, 0}, {1L << 51, 0}, {0xfL << 48, 2},
        {0x1234567890abcdefL, 0xfedcba0987654321L}, {0xffffffL << 40, 0}, {0xffffffL << 40, 1}, {0xff, -1},
        {0xaaaaaaaaaaaaaaaaL, 0}, {0x5555555555555555L, 0}};

    private EdgeVectors() {}

    static List<Json> vectors() {
        List<Json> vectors = new ArrayList<>();
        for (int bits = 4; bits <= 24; bits++) {
            for (int i = 0; i < HASHES.length; i++) {
                vectors.add(hash("hashlongs-b" + bits + "-" + i, bits, HASHES[i][0], HASHES[i][1]));
            }
        }
        SplitMix random = new SplitMix(20240106);
        for (int bits = 4; bits <= 16; bits++) {
            dense(vectors, bits, random);
        }
        random = new SplitMix(20240110);
        for (int bits : new int[] {4, 7, 8, 9, 12, 15, 16, 17, 20, 23, 24}) {
            for (int count : new int[] {1, 3, 4, 5, 6, 16, 40}) {
                if (count <= 1 << bits) {
                    vectors.add(sparse("sparse-wire-b" + bits + "-c" + count, bits, count, random));
                }
            }
        }
        return vectors;
    }

    private static Json hash(String name, int bits, long first, long second) {
        Json vector = new Json().put("name", name).put("bits", bits).put("l0", Sketches.hex(first)).put("l1", Sketches.hex(second));
        HLL sketch;
        try {
            sketch = new HyperLogLogMonoid(bits).createFromHashLongs(first, second);
        } catch (ArrayIndexOutOfBoundsException e) {
            // The vectors were made by compiled code, which omits the message (see Generate).
            return vector.put("outcome", e.getClass().getName() + ": null");
        }
        vector.put("outcome", "ok").put("hex", Sketches.hex(Sketches.bytes(sketch))).put("sparse", Sketches.isSparse(sketch));
        return Sketches.estimate(vector, sketch);
    }

    private static void dense(List<Json> vectors, int bits, SplitMix random) {
        int m = 1 << bits;
        byte[] registers = new byte[m];
        if (bits <= 12) {
            for (int value : new int[] {0, 1, 2, 3, 40, 60, 100, 127}) {
                Arrays.fill(registers, (byte) value);
                vectors.add(dense("fill" + value, bits, registers));
                if (value > 0) {
                    registers[0] = 0;
                    vectors.add(dense("fill" + value + "-one-zero", bits, registers));
                }
            }
        }
        Arrays.fill(registers, (byte) 0);
        registers[m - 1] = (byte) (128 - bits);
        vectors.add(dense("one-maxrho", bits, registers));
        for (int i = 0; i < m; i++) {
            registers[i] = (byte) random.below(128);
        }
        vectors.add(dense("random0-127", bits, registers));
        for (int i = 0; i < m; i++) {
            int value = 1 + Long.numberOfTrailingZeros(random.next());
            registers[i] = (byte) ((random.next() & 7) == 0 ? 40 + value : value);
        }
        vectors.add(dense("wide-span", bits, registers));
        for (int i = 0; i < m; i++) {
            registers[i] = (byte) (i % (129 - bits));
        }
        vectors.add(dense("sequence", bits, registers));
        if (bits <= 12) {
            Arrays.fill(registers, 0, m / 2, (byte) 1);
            Arrays.fill(registers, m / 2, m, (byte) 0);
            vectors.add(dense("half-ones", bits, registers));
        }
    }

    private static Json dense(String name, int bits, byte[] registers) {
        byte[] bytes = Sketches.dense(bits, registers);
        HLL sketch = HyperLogLog.fromBytes(bytes);
        Json vector = new Json().put("name", "dense-" + name + "-b" + bits).put("bits", bits).put("len", bytes.length)
                .put("sha256", Sketches.sha256(bytes)).put("b64", Sketches.base64(bytes)).put("sparse", Sketches.isSparse(sketch));
        return Sketches.estimate(vector, sketch);
    }

    /** A sparse sketch with entries in random order, as Algebird reads it and writes it again. */
    private static Json sparse(String name, int bits, int count, SplitMix random) {
        Map<Integer, Integer> entries = new LinkedHashMap<>();
        while (entries.size() < count) {
            int index = random.below(1 << bits);
            entries.put(index, 1 + random.below(128 - bits));
        }
        int width = (bits + 7) / 8;
        byte[] bytes = new byte[2 + count * (width + 1)];
        bytes[0] = 3;
        bytes[1] = (byte) bits;
        int at = 2;
        for (Map.Entry<Integer, Integer> entry : entries.entrySet()) {
            for (int i = 0; i < width; i++) {
                bytes[at++] = (byte) (entry.getKey() >> 8 * i);
            }
            bytes[at++] = entry.getValue().byteValue();
        }
        HLL sketch = HyperLogLog.fromBytes(bytes);
        HyperLogLogMonoid monoid = new HyperLogLogMonoid(bits);
        HLL plusZero = monoid.plus(sketch, monoid.zero());
        Json vector = new Json().put("name", name).put("bits", bits).put("hex", Sketches.hex(bytes))
                .put("reencoded_hex", Sketches.hex(Sketches.bytes(sketch))).put("sparse", Sketches.isSparse(sketch))
                .put("plus_zero_sparse", Sketches.isSparse(plusZero))
                .put("plus_zero_hex", Sketches.isSparse(plusZero) ? Sketches.hex(Sketches.bytes(plusZero)) : null);
        return Sketches.estimate(vector, sketch);
    }
}
