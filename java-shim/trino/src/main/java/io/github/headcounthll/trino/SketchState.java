// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import io.trino.spi.block.BlockBuilder;
import io.trino.spi.block.LongArrayBlock;
import io.trino.spi.block.VariableWidthBlock;
import io.trino.spi.function.AccumulatorState;
import io.trino.spi.function.AccumulatorStateMetadata;

/**
 * The state of every aggregation here: of the current group, the union of what came in, or nothing.
 *
 * <p>Rows are queued where they lie and reach the library in batches, so that a row that is rejected may fail a later
 * call, or the output.
 */
@AccumulatorStateMetadata(
        stateFactoryClass = SketchStateFactory.class,
        stateSerializerClass = SketchStateSerializer.class)
public interface SketchState extends AccumulatorState {
    /** Unites with an encoded sketch. */
    void merge(VariableWidthBlock sketches, int position);

    /** Adds an id, by its bytes. */
    void add(VariableWidthBlock ids, int position, long precision);

    /** Adds an integer, as its decimal text. */
    void add(LongArrayBlock ids, int position, long precision);

    /** Unites with the current group of another state. */
    void combine(SketchState other);

    /** Appends the encoded sketch, or NULL when nothing came in. */
    void write(BlockBuilder out);
}
