// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.bench;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.HllUnion;
import org.apache.datasketches.hll.TgtHllType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** DataSketches' HLL sketch of eight and of four bits a register, copied from bytes (heapify) or used in place (wrap). */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DataSketchesBenchmark {
    /** How a sketch is stored and read. */
    public enum Way {
        HLL_8(TgtHllType.HLL_8),
        HLL_8_wrap(TgtHllType.HLL_8),
        HLL_4(TgtHllType.HLL_4);

        private final TgtHllType type;

        Way(TgtHllType type) {
            this.type = type;
        }
    }

    /** A group, and the sketches that come into it. */
    @State(Scope.Thread)
    public abstract static class Group {
        @Param({"HLL_8", "HLL_8_wrap", "HLL_4"})
        public Way way;

        Rows<byte[]> rows;
        HllUnion group = new HllUnion(Inputs.PRECISION);

        @Setup
        public void make() {
            rows = new Rows<>(rows());
        }

        abstract byte[][] rows();

        /** How many ids come out. */
        abstract double want();

        double estimate() {
            return group.getEstimate();
        }

        HllSketch sketch(byte[][] ids) {
            HllSketch sketch = new HllSketch(Inputs.PRECISION, way.type);
            for (byte[] id : ids) {
                sketch.update(id);
            }
            return sketch;
        }

        byte[][] encoded(Inputs in) {
            return in.encoded(ids -> sketch(ids).toCompactByteArray());
        }

        HllSketch read(byte[] row) {
            return way == Way.HLL_8_wrap ? HllSketch.wrap(MemorySegment.ofArray(row)) : HllSketch.heapify(row);
        }

        HllSketch next() {
            return read(rows.next());
        }

        HllUnion merge() {
            group.update(next());
            return group;
        }

        @TearDown
        public void check() {
            Outcome.check(estimate(), want());
        }
    }

    @State(Scope.Thread)
    public static class Dense extends Group {
        final Inputs in = Inputs.dense();

        @Override
        byte[][] rows() {
            return encoded(in);
        }

        @Override
        double want() {
            return in.ids().length * in.size();
        }
    }

    @State(Scope.Thread)
    public static class Column extends Dense {
        @Override
        byte[][] rows() {
            return Inputs.column(super.rows());
        }
    }

    @State(Scope.Thread)
    public static class Each extends Dense {
        HllSketch last;

        @Override
        double want() {
            return in.size();
        }

        @Override
        double estimate() {
            return last.getEstimate();
        }
    }

    @State(Scope.Thread)
    public static class SparsePairs extends Group {
        final Inputs in = Inputs.sparse();

        @Override
        byte[][] rows() {
            return encoded(in);
        }

        @Override
        double want() {
            return 2 * in.size();
        }
    }

    @State(Scope.Thread)
    public static class SparseIntoDense extends SparsePairs {
        private final Inputs dense = Inputs.dense();

        @Override
        byte[][] rows() {
            group.update(sketch(dense.ids()[0]));
            return super.rows();
        }

        @Override
        double want() {
            return dense.size() + in.ids().length * in.size();
        }
    }

    @State(Scope.Thread)
    public static class Ids extends Group {
        private final Inputs dense = Inputs.dense();
        private HllSketch sketch;

        @Override
        byte[][] rows() {
            sketch = sketch(dense.ids()[0]);
            return Arrays.copyOf(dense.ids()[1], 4096);
        }

        @Override
        double want() {
            return dense.size() + 4096;
        }

        @Override
        double estimate() {
            return sketch.getEstimate();
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
        state.group = new HllUnion(Inputs.PRECISION);
        state.group.update(state.next());
        state.group.update(state.read(state.rows.partner()));
        return state.group;
    }

    @Benchmark
    public double cardinality(Each state) {
        state.last = state.next();
        return state.last.getEstimate();
    }

    @Benchmark
    public Object add(Ids state) {
        state.sketch.update(state.rows.next());
        return state.sketch;
    }
}
