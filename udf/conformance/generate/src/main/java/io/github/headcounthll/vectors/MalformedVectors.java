// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.vectors;

import com.twitter.algebird.HLL;
import com.twitter.algebird.HyperLogLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/** Byte strings that are not sketches, and what Algebird does with them. */
final class MalformedVectors {
    /** The size in bytes up to which a dense form is given in hex. */
    private static final int MAX_HEX = 258;
    /** The number of registers up to which the dense form is tried. */
    private static final int MAX_DENSE = 1 << 24;

    private MalformedVectors() {}

    static List<Json> vectors() {
        List<Json> vectors = new ArrayList<>();
        for (String line : lines()) {
            String[] fields = line.split(" ");
            vectors.add(vector(fields[0], Sketches.bytes(fields.length > 1 ? fields[1] : "")));
        }
        SplitMix random = new SplitMix(20240178);
        for (int i = 0; i < 40; i++) {
            vectors.add(vector("fuzz-" + i, fuzz(i, random)));
        }
        return vectors;
    }

    private static List<String> lines() {
        List<String> lines = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                MalformedVectors.class.getResourceAsStream("malformed.txt"), StandardCharsets.US_ASCII))) {
            in.lines().filter(line -> !line.startsWith("#")).forEach(lines::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    /** Random bytes behind a valid type; with a plausible precision in every other one; two dense ones in three fit b = 4. */
    private static byte[] fuzz(int number, SplitMix random) {
        byte[] bytes = new byte[random.below(24)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) random.next();
        }
        if (bytes.length > 0) {
            bytes[0] = (byte) (2 + (random.next() & 1));
        }
        if (bytes.length > 1) {
            bytes[1] = (byte) random.below(number % 2 == 0 ? 26 : 256);
            if (bytes[0] == 2 && number % 3 != 0) {
                bytes = Arrays.copyOf(bytes, 18);
                bytes[1] = 4;
            }
        }
        return bytes;
    }

    private static Json vector(String name, byte[] bytes) {
        Json vector = new Json().put("name", name).put("hex", Sketches.hex(bytes));
        HLL sketch;
        try {
            sketch = HyperLogLog.fromBytes(bytes);
        } catch (Exception | Error e) {
            return vector.put("fromBytes", Sketches.text(e));
        }
        vector.put("fromBytes", "ok").put("sparse", Sketches.isSparse(sketch)).put("bits", sketch.bits()).put("size", sketch.size());
        Outcome estimate = Outcome.of(sketch::estimatedSize);
        Outcome cardinality = Outcome.of(() -> Sketches.cardinality(sketch));
        vector.put("zero_count", estimate.failure == null ? sketch.zeroCnt() : null).put("estimate", estimate.failure == null ? estimate.value : estimate.failure)
                .put("estimate_bits", estimate.failure == null ? Sketches.bits((Double) estimate.value) : null)
                .put("approximateSize", cardinality.text()).put("cardinality", cardinality.value);
        if (sketch.size() > MAX_DENSE) {
            vector.put("toDense", "not run (size " + sketch.size() + ")").put("dense_hex_or_sha256", null);
        } else {
            Outcome dense = Outcome.of(() -> Sketches.bytes(sketch.toDenseHLL()));
            vector.put("toDense", dense.text()).put("dense_hex_or_sha256", dense.value == null ? null : shown((byte[]) dense.value));
        }
        Outcome written = Outcome.of(() -> Sketches.hex(Sketches.bytes(sketch)));
        return vector.put("toBytes", written.failure == null ? written.value : written.failure);
    }

    private static String shown(byte[] dense) {
        return dense.length <= MAX_HEX ? Sketches.hex(dense) : Sketches.sha256(dense);
    }

    /** What a call returns, or the text of what it throws. */
    private static final class Outcome {
        private final Object value;
        private final String failure;

        private Outcome(Object value, String failure) {
            this.value = value;
            this.failure = failure;
        }

        static Outcome of(Callable<Object> call) {
            try {
                return new Outcome(call.call(), null);
            } catch (Exception | Error e) {
                return new Outcome(null, Sketches.text(e));
            }
        }

        String text() {
            return failure == null ? "ok" : failure;
        }
    }
}
