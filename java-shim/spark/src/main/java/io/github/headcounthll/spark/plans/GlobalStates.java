// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.plans;

import io.github.headcounthll.core.api.Scalar;
import io.github.headcounthll.spark.state.RowBatch;
import io.github.headcounthll.spark.state.SketchBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

/** The states of a partition that is one group, one for each function. Generated code calls it for each row. */
public final class GlobalStates {
    private final RowBatch[] batches;
    private final SketchBuffer[] buffers;

    /** @param functions the names of the functions */
    public GlobalStates(String[] functions) {
        batches = Arrays.stream(functions).map(RowBatch::new).toArray(RowBatch[]::new);
        buffers = Arrays.stream(functions).map(name -> new SketchBuffer()).toArray(SketchBuffer[]::new);
    }

    /** Unites an encoded sketch. */
    public void merge(int function, byte[] sketch) {
        batches[function].merge(buffers[function], sketch);
    }

    /** Adds an id. */
    public void add(int function, UTF8String id, long precision) {
        batches[function].add(buffers[function], id, precision);
    }

    /** Adds an id at the default precision. */
    public void add(int function, UTF8String id) {
        add(function, id, Scalar.DEFAULT_PRECISION);
    }

    /** Adds an id. */
    public void add(int function, byte[] id, long precision) {
        batches[function].add(buffers[function], id, precision);
    }

    /** Adds an id at the default precision. */
    public void add(int function, byte[] id) {
        add(function, id, Scalar.DEFAULT_PRECISION);
    }

    /** Adds an id. */
    public void add(int function, Decimal id, long precision) {
        batches[function].add(buffers[function], id, precision);
    }

    /** Adds an id at the default precision. */
    public void add(int function, Decimal id) {
        add(function, id, Scalar.DEFAULT_PRECISION);
    }

    /** Adds an id. */
    public void add(int function, long id, long precision) {
        batches[function].add(buffers[function], id, precision);
    }

    /** Adds an id at the default precision. */
    public void add(int function, long id) {
        add(function, id, Scalar.DEFAULT_PRECISION);
    }

    /** Adds a date, as its days. */
    public void addDate(int function, int days, long precision) {
        batches[function].addDate(buffers[function], days, precision);
    }

    /** Adds a date at the default precision. */
    public void addDate(int function, int days) {
        addDate(function, days, Scalar.DEFAULT_PRECISION);
    }

    /** The row of states, when all rows are read. */
    public UnsafeRow result() {
        return row(List.of(buffers));
    }

    /** A row with the serialized states. */
    static UnsafeRow row(List<SketchBuffer> buffers) {
        UnsafeRowWriter writer = new UnsafeRowWriter(buffers.size());
        writer.resetRowWriter();
        for (int i = 0; i < buffers.size(); i++) {
            writer.write(i, buffers.get(i).serialized());
        }
        return writer.getRow();
    }
}
