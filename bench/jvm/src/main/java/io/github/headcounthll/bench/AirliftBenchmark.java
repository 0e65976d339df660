// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.bench;

import io.airlift.slice.Slice;
import io.airlift.slice.Slices;
import io.airlift.stats.cardinality.HyperLogLog;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The sketch of Trino's approx_set, used as its merge does. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AirliftBenchmark {
    private static HyperLogLog empty() {
        return HyperLogLog.newInstance(1 << Inputs.PRECISION);
    }

    private static byte[] encode(byte[][] ids) {
        HyperLogLog sketch = empty();
        for (byte[] id : ids) {
            sketch.add(Slices.wrappedBuffer(id));
        }
        return sketch.serialize().getBytes();
    }

    private static Slice[] slices(byte[][] rows) {
        return Arrays.stream(rows).map(Slices::wrappedBuffer).toArray(Slice[]::new);
    }

    /** A group, and the sketches that come into it. */
    public abstract static class Group {
        final Rows<Slice> rows;
        private final double want;
        HyperLogLog group;

        Group(byte[][] rows, HyperLogLog group, double want) {
            this.rows = new Rows<>(slices(rows));
            this.group = group;
            this.want = want;
        }

        HyperLogLog next() {
            return HyperLogLog.newInstance(rows.next());
        }

        HyperLogLog merge() {
            group.mergeWith(next());
            return group;
        }

        @TearDown
        public void check() {
            Outcome.check(group.cardinality(), want);
        }
    }

    @State(Scope.Thread)
    public static class Dense extends Group {
        public Dense() {
            Inputs in = Inputs.dense();
            super(in.encoded(AirliftBenchmark::encode), empty(), in.ids().length * in.size());
        }
    }

    @State(Scope.Thread)
    public static class Column extends Group {
        public Column() {
            Inputs in = Inputs.dense();
            super(Inputs.column(in.encoded(AirliftBenchmark::encode)), empty(), in.ids().length * in.size());
        }
    }

    @State(Scope.Thread)
    public static class SparseIntoDense extends Group {
        public SparseIntoDense() {
            Inputs dense = Inputs.dense();
            Inputs in = Inputs.sparse();
            super(in.encoded(AirliftBenchmark::encode), HyperLogLog.newInstance(Slices.wrappedBuffer(encode(dense.ids()[0]))), dense.size() + in.ids().length * in.size());
        }
    }

    @State(Scope.Thread)
    public static class SparsePairs extends Group {
        public SparsePairs() {
            Inputs in = Inputs.sparse();
            super(in.encoded(AirliftBenchmark::encode), empty(), 2 * in.size());
        }
    }

    @State(Scope.Thread)
    public static class Each extends Group {
        public Each() {
            Inputs in = Inputs.dense();
            super(in.encoded(AirliftBenchmark::encode), empty(), in.size());
        }
    }

    @State(Scope.Thread)
    public static class Ids extends Group {
        private final Rows<Slice> ids;

        public Ids() {
            Inputs dense = Inputs.dense();
            super(new byte[0][], HyperLogLog.newInstance(Slices.wrappedBuffer(encode(dense.ids()[0]))), dense.size() + 4096);
            ids = new Rows<>(slices(Arrays.copyOf(dense.ids()[1], 4096)));
        }
    }

    @Benchmark
    public Object unionDense(Dense state) {
        return state.merge();
    }

    @Benchmark
    public Object unionDenseMemory(Column state) {
        return state.merge();
    }

    @Benchmark
    public Object unionSparseIntoDense(SparseIntoDense state) {
        return state.merge();
    }

    @Benchmark
    public Object unionSparse(SparsePairs state) {
        state.group = state.next();
        state.group.mergeWith(HyperLogLog.newInstance(state.rows.partner()));
        return state.group;
    }

    @Benchmark
    public long cardinality(Each state) {
        state.group = state.next();
        return state.group.cardinality();
    }

    @Benchmark
    public Object add(Ids state) {
        state.group.add(state.ids.next());
        return state.group;
    }
}
