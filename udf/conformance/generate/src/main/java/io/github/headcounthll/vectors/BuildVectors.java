// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.vectors;

import com.twitter.algebird.HLL;
import com.twitter.algebird.HyperLogLog;
import java.util.ArrayList;
import java.util.List;
import scala.Tuple2;

/** Hashes, sketches of one id, and sketches of sets of ids. */
final class BuildVectors {
    private static final int[] ILLEGAL_BITS = {Integer.MIN_VALUE, -28, -1, 0, 1, 2, 3, 25, 26, 30, 31, 32, 33, 36, 44,
        64, 100, 127, 128, 129, 200, 268, Integer.MAX_VALUE};

    private static final double[] SWITCHES = {1.0, 2.0, 2.3, 2.4, 2.5, 2.6, 2.75, 3.0, 4.0, 5.0, 8.0};

    /** The precision up to which create has the hash of the dense form. */
    private static final int MAX_DENSE_BITS = 18;

    private BuildVectors() {}

    /** Byte strings of 0 to 70 bytes: without and with the high bit in every byte, and random. */
    static List<Json> hash() {
        List<Json> vectors = new ArrayList<>();
        SplitMix random = new SplitMix(20240101);
        for (int length = 0; length <= 70; length++) {
            for (int kind = 0; kind < 3; kind++) {
                byte[] input = new byte[length];
                for (int i = 0; i < length; i++) {
                    byte b = (byte) random.next();
                    input[i] = (byte) (kind == 0 ? b & 0x7f : kind == 1 ? b | 0x80 : b);
                }
                byte[] hash = HyperLogLog.hash(input);
                Tuple2<Object, Object> register = HyperLogLog.jRhoW(hash, 12);
                vectors.add(new Json().put("name", "hash-" + length + "-" + kind).put("input_hex", Sketches.hex(input))
                        .put("hash16_hex", Sketches.hex(hash)).put("j12", register._1).put("rho12", register._2));
            }
        }
        return vectors;
    }

    /** One id at every precision, and at precisions outside 4 to 24. */
    static List<Json> create() {
        List<Json> vectors = new ArrayList<>();
        for (int bits = 4; bits <= 24; bits++) {
            for (int i = 0; i < Ids.VARIED.size(); i++) {
                vectors.add(createOne("create-b" + bits + "-" + i, bits, Ids.list(List.of(Ids.VARIED.get(i)))));
            }
        }
        for (int bits : ILLEGAL_BITS) {
            vectors.add(createIllegal("spark", bits, false));
            if (bits != 30) { // a dense sketch of 2^30 bytes does not fit into the memory of a small machine
                vectors.add(createIllegal("presto", bits, true));
            }
        }
        return vectors;
    }

    private static Json createOne(String name, int bits, Ids ids) {
        byte[] id = ids.get(0);
        byte[] hash = HyperLogLog.hash(id);
        Tuple2<Object, Object> register = HyperLogLog.jRhoW(hash, bits);
        HLL sketch = Sketches.create(bits, id);
        Json vector = new Json().put("name", name).put("bits", bits).put("ids", ids.json()).put("utf8_hex", Sketches.hex(id))
                .put("hash16_hex", Sketches.hex(hash)).put("j", register._1).put("rho", register._2)
                .put("hex", Sketches.hex(Sketches.bytes(sketch))).put("sparse", Sketches.isSparse(sketch))
                .put("dense_sha256", bits <= MAX_DENSE_BITS ? Sketches.sha256(Sketches.bytes(sketch.toDenseHLL())) : null);
        return Sketches.estimate(vector, sketch);
    }

    /** presto-hyperloglog's function writes the sketch dense, spark-hyperloglog's as Algebird made it. */
    private static Json createIllegal(String function, int bits, boolean dense) {
        Ids ids = Ids.list(List.of("a"));
        int[] length = new int[1];
        String failure = Sketches.failure(() -> {
            HLL sketch = Sketches.create(bits, ids.get(0));
            length[0] = Sketches.bytes(dense ? sketch.toDenseHLL() : sketch).length;
            return null;
        });
        return new Json().put("name", "create-illegal-b" + bits + "-" + function).put("bits", bits).put("ids", ids.json())
                .put("outcome", failure == null ? "ok" : failure).put("hex", failure == null ? "len=" + length[0] : null);
    }

    /** Sets of 0 to 5,000,000 ids; lists; sizes around 2.5 * 2^bits, where the estimate switches formulas. */
    static List<Json> sets() {
        List<Json> vectors = new ArrayList<>();
        for (int bits = 4; bits <= 24; bits++) {
            for (int n : new int[] {0, 1, 2, 3, 4, 5, 6, 10, 20, 100, 1000, 10_000, 100_000, 1_000_000}) {
                if (bits <= 16 || n <= 1000) {
                    vectors.add(set("set-b" + bits + "-n" + n, bits, Ids.clients(0, n), 70_000));
                }
            }
        }
        for (int bits : new int[] {4, 8, 10, 12, 14, 16}) {
            vectors.add(set("set-b" + bits + "-n5000000", bits, Ids.clients(10_000_000, 5_000_000), 70_000));
        }
        List<List<String>> lists = List.of(List.of("a", "b", "c", "c"), List.of("foo", "bar", "foo"),
                List.of("uid_1", "uid_3"), List.of("uid_1", "uid_2", "uid_3", "uid_3"), Ids.VARIED);
        for (int i = 0; i < lists.size(); i++) {
            for (int bits : new int[] {4, 5, 8, 10, 12, 16}) {
                vectors.add(set("list" + i + "-b" + bits, bits, Ids.list(lists.get(i)), 70_000));
            }
        }
        for (int bits = 4; bits <= 16; bits++) {
            for (int i = 0; i < SWITCHES.length; i++) {
                Ids ids = Ids.clients(100_000_000 + 10_000_000 * i, (int) (SWITCHES[i] * (1 << bits)));
                vectors.add(set("switch-b" + bits + "-x" + SWITCHES[i], bits, ids, 5000));
            }
        }
        return vectors;
    }

    private static Json set(String name, int bits, Ids ids, int maxBytes) {
        Json vector = new Json().put("name", name).put("bits", bits).put("ids", ids.json());
        return Sketches.describe(vector, Sketches.sum(bits, ids), maxBytes);
    }

    /** The largest set whose sketch is sparse, and with one id more the smallest whose sketch is dense. */
    static List<Json> threshold() {
        List<Json> vectors = new ArrayList<>();
        for (int bits = 4; bits <= 16; bits++) {
            int start = bits % 2 == 0 ? 200_000_000 : 210_000_000;
            int n = 1;
            while (Sketches.isSparse(Sketches.sum(bits, Ids.clients(start, n + 1)))) {
                n++;
            }
            vectors.add(threshold("last-sparse-b" + bits, bits, Ids.clients(start, n)));
            vectors.add(threshold("first-dense-b" + bits, bits, Ids.clients(start, n + 1)));
        }
        return vectors;
    }

    private static Json threshold(String name, int bits, Ids ids) {
        HLL sketch = Sketches.sum(bits, ids);
        Json vector = new Json().put("name", name).put("bits", bits).put("ids", ids.json())
                .put("build", "left fold of plus").put("nonzero_registers", (1 << bits) - sketch.zeroCnt());
        return Sketches.describe(vector, sketch, 100_000);
    }
}
