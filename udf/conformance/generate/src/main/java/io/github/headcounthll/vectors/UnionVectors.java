// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.vectors;

import com.twitter.algebird.DenseHLL;
import com.twitter.algebird.HLL;
import com.twitter.algebird.HyperLogLogMonoid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Unions of two sketches, and reductions to a lower precision. */
final class UnionVectors {
    private static final int MERGE_START = 300_000_000;
    private static final int MISMATCH_START = 320_000_000;
    private static final int DOWNSIZE_START = 400_000_000;

    private UnionVectors() {}

    /** Unions of sparse and dense sketches, and of sketches of different precisions. */
    static List<Json> merges() {
        List<Json> vectors = new ArrayList<>();
        for (int bits : new int[] {4, 5, 6, 8, 10, 12, 14}) {
            int m = 1 << bits;
            int few = Math.max(1, m / 64); // sparse, and sparse together
            int some = Math.max(1, m / 20); // sparse, and dense together
            int many = 3 * m; // dense
            // Number of ids on the left, offset of the first id on the right, number of ids on the right.
            int[][] sizes = {{0, 0, 0}, {0, 0, few}, {few, few, 0}, {few, (few + 1) / 2, few}, {1, 1, 1}, {1, 0, 1}, {2, 1, 2},
                {3, 3, 2}, {2, 1, 3}, {some, some, some}, {some, 0, some}, {few, 0, many}, {many, many, few}, {0, 0, many},
                {many, many, 0}, {many, many / 2, many}, {many, 0, 2 * many}};
            for (int i = 0; i < sizes.length; i++) {
                int[] size = sizes[i];
                vectors.add(merge("merge-b" + bits + "-" + i, bits, Ids.clients(MERGE_START, size[0]),
                        Ids.clients(MERGE_START + size[1], size[2])));
            }
        }
        for (int[] bits : new int[][] {{10, 12}, {12, 10}, {4, 5}, {8, 16}}) {
            for (int i = 0; i < 4; i++) {
                HLL left = mismatched(bits[0], i >= 2);
                HLL right = mismatched(bits[1], i % 2 == 1);
                vectors.add(new Json().put("name", "merge-mismatch-" + bits[0] + "-" + bits[1] + "-" + i).put("bits", bits[0])
                        .put("right_bits", bits[1]).put("kinds", kinds(left, right))
                        .put("left_b64", Sketches.base64(Sketches.bytes(left))).put("right_b64", Sketches.base64(Sketches.bytes(right)))
                        .put("outcome", Sketches.failure(() -> left.$plus(right)))
                        .put("hll_merge_outcome", Sketches.failure(() -> SparkFunctions.merge(List.of(left, right)))));
            }
        }
        return vectors;
    }

    private static Json merge(String name, int bits, Ids leftIds, Ids rightIds) {
        HLL left = Sketches.sum(bits, leftIds);
        HLL right = Sketches.sum(bits, rightIds);
        Json vector = new Json().put("name", name).put("bits", bits).put("left_ids", leftIds.json()).put("right_ids", rightIds.json())
                .put("kinds", kinds(left, right)).put("left_b64", Sketches.base64(Sketches.bytes(left)))
                .put("right_b64", Sketches.base64(Sketches.bytes(right))).put("outcome", "ok");
        return Sketches.describe(vector, new HyperLogLogMonoid(bits).plus(left, right), 70_000);
    }

    private static HLL mismatched(int bits, boolean dense) {
        return Sketches.sum(bits, Ids.clients(MISMATCH_START, dense ? 3 << bits : 1));
    }

    private static String kinds(HLL left, HLL right) {
        return (Sketches.isSparse(left) ? "sparse" : "dense") + "+" + (Sketches.isSparse(right) ? "sparse" : "dense");
    }

    /** Reductions, each compared with the sketch of the same ids at the lower precision. */
    static List<Json> downsize() {
        List<Json> vectors = new ArrayList<>();
        for (int[] bits : new int[][] {{12, 10}, {12, 4}, {16, 12}, {8, 5}, {14, 13}}) {
            for (int n : new int[] {0, 1, 5, 50, 3000, 50_000}) {
                Ids ids = Ids.clients(DOWNSIZE_START, n);
                HLL reduced = Sketches.sum(bits[0], ids).downsize(bits[1]);
                DenseHLL direct = Sketches.sum(bits[1], ids).toDenseHLL();
                Json vector = new Json().put("name", "down-" + bits[0] + "-" + bits[1] + "-" + n).put("from_bits", bits[0])
                        .put("bits", bits[1]).put("ids", ids.json()).put("equals_direct_registers",
                                Arrays.equals(Sketches.bytes(direct), Sketches.bytes(reduced.toDenseHLL())));
                vectors.add(Sketches.describe(vector, reduced, 70_000));
            }
        }
        for (int bits : new int[] {3, 13}) {
            HLL sketch = Sketches.sum(12, Ids.clients(DOWNSIZE_START, 1));
            vectors.add(new Json().put("name", "down-illegal-12-" + bits).put("from_bits", 12).put("bits", bits)
                    .put("outcome", Sketches.failure(() -> sketch.downsize(bits))));
        }
        return vectors;
    }
}
