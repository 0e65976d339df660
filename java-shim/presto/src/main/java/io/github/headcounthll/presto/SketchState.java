// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.common.block.Block;
import com.facebook.presto.common.block.BlockBuilder;
import com.facebook.presto.spi.function.AccumulatorState;
import com.facebook.presto.spi.function.AccumulatorStateMetadata;

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
    void merge(Block sketches, int position);

    /** Adds an id, by its bytes. */
    void add(Block ids, int position, long precision);

    /** Adds an integer, as its decimal text. */
    void add(long id, long precision);

    /** Unites with the current group of another state. */
    void combine(SketchState other);

    /** Appends the encoded sketch, or NULL when nothing came in. */
    void write(BlockBuilder out);
}
