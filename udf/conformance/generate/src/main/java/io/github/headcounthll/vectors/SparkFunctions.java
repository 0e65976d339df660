// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.vectors;

import com.twitter.algebird.HLL;
import com.twitter.algebird.HyperLogLog;
import com.twitter.algebird.HyperLogLogMonoid;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * The functions of spark-hyperloglog 2.2.2, which is not in Maven Central: what they do with Algebird, without Spark. The
 * aggregates have one buffer per partition, null until its first sketch, and then the registers of a dense sketch.
 */
final class SparkFunctions {
    private static final int DEFAULT_BITS = 12;

    private SparkFunctions() {}

    static byte[] create(String id, int bits) {
        return id == null ? null : HyperLogLog.toBytes(new HyperLogLogMonoid(bits).create(id.getBytes(StandardCharsets.UTF_8)));
    }

    static Object cardinality(byte[] sketch) {
        return HyperLogLog.fromBytes(sketch).approximateSize().estimate();
    }

    /** hll_merge over one partition. Algebird's updateInto requires equal precisions. */
    static byte[] merge(List<HLL> sketches) {
        byte[] registers = null;
        int bits = DEFAULT_BITS;
        for (HLL sketch : sketches) {
            if (sketch == null) {
                continue;
            }
            if (registers == null) {
                registers = new byte[sketch.size()];
                bits = sketch.bits();
            }
            sketch.updateInto(registers);
        }
        return Sketches.dense(bits, registers == null ? new byte[1 << DEFAULT_BITS] : registers);
    }

    /** hll_merge over several partitions: the merge of their results. A partition without a sketch has none. */
    static byte[] mergePartitions(List<List<HLL>> partitions) {
        List<HLL> results = new ArrayList<>();
        for (List<HLL> partition : partitions) {
            boolean empty = partition.stream().allMatch(sketch -> sketch == null);
            results.add(empty ? null : HyperLogLog.fromBytes(merge(partition)));
        }
        return merge(results);
    }

    static List<Json> vectors() {
        List<Json> vectors = new ArrayList<>();
        List<String> ids = List.of("a", "b", "c", "c");
        for (int bits : new int[] {4, 10, 12, 14}) {
            vectors.add(lists("merge-list-b" + bits, bits, List.of(ids)));
            vectors.add(lists("merge-list-nulls-b" + bits, bits, List.of(Arrays.asList("a", "b", "c", "c", null), nulls(1), List.of())));
            vectors.add(lists("merge-none-b" + bits, bits, List.of()));
            vectors.add(lists("merge-only-nulls-b" + bits, bits, List.of(nulls(2), nulls(1))));
            vectors.add(filtered(bits, ids, Arrays.asList(true, null, true, false)));
            for (int[] size : new int[][] {{50, 1}, {700, 3}, {20_000, 4}}) {
                vectors.add(rule(bits, Ids.clients(500_000_000, size[0]), size[1]));
            }
        }
        HLL ten = Sketches.create(10, new byte[] {'a'});
        HLL twelve = Sketches.create(12, new byte[] {'a'});
        vectors.add(mixed("update", () -> merge(List.of(ten, twelve))));
        vectors.add(mixed("merge", () -> mergePartitions(List.of(List.of(ten), List.of(twelve)))));
        vectors.add(call("hllCreate(null,12)", () -> create(null, 12)));
        vectors.add(call("hllCreate(null,2)", () -> create(null, 2)));
        vectors.add(call("hllCardinality(null)", () -> cardinality(null)));
        vectors.add(call("hllCardinality(empty array)", () -> cardinality(new byte[0])));
        vectors.add(call("hllCreate(a,3)", () -> create("a", 3)));
        vectors.add(call("hllCreate(a,25)", () -> create("a", 25)));
        vectors.add(call("hllCreate(empty string,12)", () -> create("", 12)));
        return vectors;
    }

    private static List<String> nulls(int count) {
        return Arrays.asList(new String[count]);
    }

    private static HLL sketch(int bits, String id) {
        return id == null ? null : HyperLogLog.fromBytes(create(id, bits));
    }

    private static Json lists(String name, int bits, List<List<String>> partitions) {
        List<List<HLL>> sketches = new ArrayList<>();
        for (List<String> partition : partitions) {
            List<HLL> some = new ArrayList<>();
            partition.forEach(id -> some.add(sketch(bits, id)));
            sketches.add(some);
        }
        return result(new Json().put("name", name).put("bits", bits).put("op", "hll_merge").put("partitions", partitions),
                mergePartitions(sketches));
    }

    /** hll_filtered_merge takes the rows whose flag is true. */
    private static Json filtered(int bits, List<String> ids, List<Boolean> flags) {
        List<HLL> taken = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            if (Boolean.TRUE.equals(flags.get(i))) {
                taken.add(sketch(bits, ids.get(i)));
            }
        }
        return result(new Json().put("name", "filtered-b" + bits).put("bits", bits).put("op", "hll_filtered_merge")
                .put("partitions", List.of(ids)).put("flags", List.of(flags)), merge(taken));
    }

    /** The ids go to the partitions in turn. */
    private static Json rule(int bits, Ids ids, int partitionCount) {
        List<List<HLL>> partitions = new ArrayList<>();
        for (int p = 0; p < partitionCount; p++) {
            partitions.add(new ArrayList<>());
        }
        for (int i = 0; i < ids.count(); i++) {
            partitions.get(i % partitionCount).add(Sketches.create(bits, ids.get(i)));
        }
        return result(new Json().put("name", "merge-n" + ids.count() + "-p" + partitionCount + "-b" + bits).put("bits", bits)
                .put("op", "hll_merge").put("ids", ids.json()).put("partition_count", partitionCount), mergePartitions(partitions));
    }

    private static Json result(Json vector, byte[] sketch) {
        return vector.put("result_b64", Sketches.base64(sketch)).put("cardinality", cardinality(sketch));
    }

    private static Json mixed(String stage, Supplier<?> call) {
        return new Json().put("name", "mixed-bits-" + stage + "-10-12").put("op", "hll_merge").put("outcome", Sketches.failure(call));
    }

    /** A call's result, or what it throws with single quotes; without a message, its class. */
    private static Json call(String name, Supplier<?> call) {
        String outcome;
        try {
            byte[] sketch = (byte[]) call.get();
            outcome = sketch == null ? "null" : Sketches.base64(sketch);
        } catch (Exception | Error e) {
            outcome = e.toString().replace('"', '\'');
        }
        return new Json().put("name", name).put("outcome", outcome);
    }
}
