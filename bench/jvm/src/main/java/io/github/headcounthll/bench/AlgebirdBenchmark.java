// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.bench;

import com.twitter.algebird.HLL;
import com.twitter.algebird.HyperLogLog;
import com.twitter.algebird.HyperLogLogMonoid;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import scala.collection.TraversableOnce;
import scala.collection.mutable.ArrayBuffer;

/** Algebird, the original, on the bytes of Headcount's sketches. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AlgebirdBenchmark {
    private static final HyperLogLogMonoid MONOID = new HyperLogLogMonoid(Inputs.PRECISION);
    private static final int BATCH = 16;

    /** A group, and the sketches that come into it. */
    public abstract static class Group {
        final Rows<byte[]> rows;
        private final double want;
        HLL group;

        Group(byte[][] rows, HLL group, double want) {
            this.rows = new Rows<>(rows);
            this.group = group;
            this.want = want;
        }

        HLL next() {
            return HyperLogLog.fromBytes(rows.next());
        }

        HLL merge() {
            group = MONOID.plus(group, next());
            return group;
        }

        @TearDown
        public void check() {
            Outcome.check(group.estimatedSize(), want);
        }
    }

    @State(Scope.Thread)
    public static class Dense extends Group {
        public Dense() {
            Inputs in = Inputs.dense();
            super(in.sketches(), MONOID.zero(), in.ids().length * in.size());
        }
    }

    @State(Scope.Thread)
    public static class Column extends Group {
        public Column() {
            Inputs in = Inputs.dense();
            super(Inputs.column(in.sketches()), MONOID.zero(), in.ids().length * in.size());
        }
    }

    @State(Scope.Thread)
    public static class SparseIntoDense extends Group {
        public SparseIntoDense() {
            Inputs dense = Inputs.dense();
            Inputs in = Inputs.sparse();
            super(in.sketches(), HyperLogLog.fromBytes(dense.sketches()[0]), dense.size() + in.ids().length * in.size());
        }
    }

    @State(Scope.Thread)
    public static class SparsePairs extends Group {
        public SparsePairs() {
            Inputs in = Inputs.sparse();
            super(in.sketches(), MONOID.zero(), 2 * in.size());
        }
    }

    @State(Scope.Thread)
    public static class Each extends Group {
        public Each() {
            Inputs in = Inputs.dense();
            super(in.sketches(), MONOID.zero(), in.size());
        }
    }

    @State(Scope.Thread)
    public static class Ids extends Group {
        private final Rows<byte[]> ids;

        public Ids() {
            Inputs dense = Inputs.dense();
            super(dense.sketches(), HyperLogLog.fromBytes(dense.sketches()[0]), dense.size() + 4096);
            ids = new Rows<>(Arrays.copyOf(dense.ids()[1], 4096));
        }
    }

    @Benchmark
    public Object unionDense(Dense state) {
        return state.merge();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public Object unionDense_sumOption_of_16(Dense state) {
        ArrayBuffer<HLL> batch = new ArrayBuffer<>(BATCH);
        for (int i = 0; i < BATCH; i++) {
            batch.$plus$eq(state.next());
        }
        state.group = MONOID.sumOption((TraversableOnce<HLL>) batch).get();
        return state.group;
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
        HLL a = state.next();
        state.group = MONOID.plus(a, HyperLogLog.fromBytes(state.rows.partner()));
        return state.group;
    }

    @Benchmark
    public long cardinality(Each state) {
        state.group = state.next();
        return (Long) state.group.approximateSize().estimate();
    }

    @Benchmark
    public Object add(Ids state) {
        state.group = MONOID.plus(state.group, MONOID.create(state.ids.next()));
        return state.group;
    }
}
