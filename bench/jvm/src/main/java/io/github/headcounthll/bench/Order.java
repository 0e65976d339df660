// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.bench;

import io.airlift.slice.Slices;
import io.airlift.stats.cardinality.HyperLogLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.HllUnion;
import org.apache.datasketches.hll.TgtHllType;

/**
 * The JVM side of bench-order: unites the same sketches by each plan and prints a digest of the result's bytes and its
 * number. The argument is a folder as bench/order/scenario.go writes it; bench/order/main.go has the form of the output.
 */
public final class Order {
    private Order() {}

    /** What is measured of a library. The other sides have the same three functions. */
    private interface Library {
        byte[] build(List<byte[]> ids, int precision);

        byte[] unite(List<byte[]> sketches);

        double count(byte[] sketch);
    }

    /** DataSketches, of eight bits a register: a union of the largest precision that occurs. */
    private record DataSketches(int largest, boolean composite) implements Library {
        @Override
        public byte[] build(List<byte[]> ids, int precision) {
            HllSketch sketch = new HllSketch(precision, TgtHllType.HLL_8);
            ids.forEach(sketch::update);
            return sketch.toCompactByteArray();
        }

        @Override
        public byte[] unite(List<byte[]> sketches) {
            HllUnion union = new HllUnion(largest);
            sketches.forEach(sketch -> union.update(HllSketch.heapify(sketch)));
            return union.getResult(TgtHllType.HLL_8).toCompactByteArray();
        }

        @Override
        public double count(byte[] bytes) {
            HllSketch sketch = HllSketch.heapify(bytes);
            return composite ? sketch.getCompositeEstimate() : sketch.getEstimate();
        }
    }

    /** airlift, as Trino's approx_set and merge use it. */
    private record Airlift() implements Library {
        @Override
        public byte[] build(List<byte[]> ids, int precision) {
            HyperLogLog sketch = HyperLogLog.newInstance(1 << precision);
            ids.forEach(id -> sketch.add(Slices.wrappedBuffer(id)));
            return sketch.serialize().getBytes();
        }

        @Override
        public byte[] unite(List<byte[]> sketches) {
            HyperLogLog united = read(sketches.getFirst());
            sketches.subList(1, sketches.size()).forEach(sketch -> united.mergeWith(read(sketch)));
            return united.serialize().getBytes();
        }

        @Override
        public double count(byte[] sketch) {
            return read(sketch).cardinality();
        }

        private static HyperLogLog read(byte[] sketch) {
            return HyperLogLog.newInstance(Slices.wrappedBuffer(sketch));
        }
    }

    public static void main(String[] args) throws IOException, NoSuchAlgorithmException {
        Path folder = Path.of(args[0]);
        List<Integer> precisions = Files.readAllLines(folder.resolve("precisions")).stream().map(Integer::valueOf).toList();
        List<String> plans = Files.readAllLines(folder.resolve("plans"));
        List<List<byte[]>> sets = new ArrayList<>();
        for (int i = 0; i < precisions.size(); i++) {
            sets.add(ids(folder.resolve(i + ".csv")));
        }
        Properties names = new Properties();
        names.load(Order.class.getResourceAsStream("/names.properties"));
        String datasketches = names.getProperty("DataSketchesBenchmark").replace("DataSketches", "DataSketches Java");
        int largest = Collections.max(precisions);
        print(datasketches + ", HLL_8", new DataSketches(largest, false), sets, precisions, plans);
        print(datasketches + ", HLL_8, composite estimate", new DataSketches(largest, true), sets, precisions, plans);
        print(names.getProperty("AirliftBenchmark"), new Airlift(), sets, precisions, plans);
    }

    private static List<byte[]> ids(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .skip(1)
                .map(line -> line.substring(0, line.indexOf(',')).getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static void print(String name, Library library, List<List<byte[]>> sets, List<Integer> precisions, List<String> plans)
            throws NoSuchAlgorithmException {
        List<byte[]> sketches = new ArrayList<>();
        for (int i = 0; i < sets.size(); i++) {
            sketches.add(library.build(sets.get(i), precisions.get(i)));
        }
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < plans.size(); i++) {
            out.append(name).append('\t').append(i).append('\t');
            try {
                byte[] united = new Plan(plans.get(i), sketches, library).united();
                out.append(HexFormat.of().formatHex(digest.digest(united))).append('\t').append(library.count(united));
            } catch (IllegalArgumentException e) {
                out.append("error\t").append(e.getMessage());
            }
            out.append('\n');
        }
        System.out.print(out);
    }

    /** A plan such as [[0,1],2], read and evaluated from left to right. */
    private static final class Plan {
        private final String text;
        private final List<byte[]> sketches;
        private final Library library;
        private int at;

        Plan(String text, List<byte[]> sketches, Library library) {
            this.text = text;
            this.sketches = sketches;
            this.library = library;
        }

        byte[] united() {
            if (text.charAt(at) != '[') {
                int from = at;
                while (at < text.length() && Character.isDigit(text.charAt(at))) {
                    at++;
                }
                return sketches.get(Integer.parseInt(text.substring(from, at)));
            }
            List<byte[]> parts = new ArrayList<>();
            while (text.charAt(at) != ']') {
                at++; // the bracket or the comma before the part
                parts.add(united());
            }
            at++;
            return library.unite(parts);
        }
    }
}
