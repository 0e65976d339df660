// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.vectors;

import com.twitter.algebird.HLL;
import com.twitter.algebird.HyperLogLog;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/**
 * The estimate by linear counting, m * ln(m / zeros), for every number of zero registers. Its bits depend on the JVM's
 * Math.log; those of the vectors are of a JVM on x86-64.
 */
final class LinearVectors {
    private static final int MAX_SAMPLE_BITS = 14;

    private LinearVectors() {}

    static List<Json> vectors() {
        List<Json> vectors = new ArrayList<>();
        for (int bits = 4; bits <= 16; bits++) {
            vectors.add(vector(bits));
        }
        return vectors;
    }

    private static Json vector(int bits) {
        int m = 1 << bits;
        StringBuilder truncated = new StringBuilder();
        StringBuilder doubles = new StringBuilder();
        double minDistance = Double.MAX_VALUE;
        int doubleDiffs = 0;
        int truncatedDiffs = 0;
        for (int zeros = 1; zeros <= m; zeros++) {
            double estimate = m * Math.log((double) m / zeros);
            double strict = m * StrictMath.log((double) m / zeros);
            truncated.append((long) estimate).append('\n');
            doubles.append(Sketches.bits(estimate)).append('\n');
            doubleDiffs += estimate == strict ? 0 : 1;
            truncatedDiffs += (long) estimate == (long) strict ? 0 : 1;
            if (zeros < m) { // ln(1) is 0
                minDistance = Math.min(minDistance, Math.abs(estimate - Math.rint(estimate)));
            }
        }
        double alpha = HyperLogLog.alpha(bits);
        return new Json().put("name", "linear-b" + bits).put("bits", bits)
                .put("rule", "for z in 1..m: trunc(m*ln(m/z)) decimal + newline, concatenated")
                .put("trunc_sha256", Sketches.sha256(ascii(truncated))).put("double_bits_sha256", Sketches.sha256(ascii(doubles)))
                .put("min_distance_to_integer", minDistance).put("math_vs_strictmath_double_diffs", doubleDiffs)
                .put("math_vs_strictmath_trunc_diffs", truncatedDiffs).put("alpha_bits", Sketches.bits(alpha)).put("alpha", alpha)
                .put("samples_all_other_registers_1", samples(bits));
    }

    private static byte[] ascii(StringBuilder text) {
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** Algebird's own estimates: sketches with a number of zero registers and all others 1. */
    private static List<Json> samples(int bits) {
        List<Json> samples = new ArrayList<>();
        if (bits > MAX_SAMPLE_BITS) {
            return samples;
        }
        int m = 1 << bits;
        TreeSet<Integer> zeros = new TreeSet<>(List.of(1, m - 1, m));
        Random random = new Random(20240101);
        for (int i = 0; i < 20; i++) {
            zeros.add(1 + random.nextInt(m));
        }
        for (int count : zeros) {
            byte[] sketch = new byte[2 + m];
            sketch[0] = 2;
            sketch[1] = (byte) bits;
            Arrays.fill(sketch, 2 + count, sketch.length, (byte) 1);
            HLL read = HyperLogLog.fromBytes(sketch);
            double estimate = read.estimatedSize();
            samples.add(new Json().put("zero_count", count).put("estimate", estimate).put("estimate_bits", Sketches.bits(estimate))
                    .put("cardinality", Sketches.cardinality(read)));
        }
        return samples;
    }
}
