// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static io.github.headcounthll.trino.Errors.translate;
import static io.github.headcounthll.trino.Errors.translating;

import io.airlift.slice.Slice;
import io.github.headcounthll.core.api.GroupedSketches;
import io.github.headcounthll.core.api.HeadcountException;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.block.VariableWidthBlock;
import io.trino.spi.block.VariableWidthBlockBuilder;

/** What a state of one group and a state of many have in common: they differ in which group is current. */
abstract class AbstractSketchState implements SketchState {
    /** The sketches, with room for the current group; for writing. */
    abstract GroupedSketches sketches();

    /** The sketches, or null when nothing came in for any group. */
    abstract GroupedSketches sketchesOrNull();

    abstract int group();

    /** The bytes of this object without its sketches. */
    abstract long ownSize();

    /** Called for each row, and so without a lambda. */
    @Override
    public void merge(VariableWidthBlock sketches, int position) {
        Slice raw = sketches.getRawSlice();
        int start = raw.byteArrayOffset() + sketches.getRawSliceOffset(position);
        try {
            sketches().merge(group(), raw.byteArray(), start, sketches.getSliceLength(position));
        } catch (HeadcountException e) {
            throw translate(e);
        }
    }

    @Override
    public void combine(SketchState other) {
        ((AbstractSketchState) other).mergeInto(this);
    }

    /** Unites the current group's sketch into another state. */
    void mergeInto(AbstractSketchState target) {
        GroupedSketches from = sketchesOrNull();
        if (from == null) {
            return;
        }
        translating(() -> {
            byte[] sketch = from.sketch(group());
            if (sketch != null) {
                target.sketches().merge(target.group(), sketch, 0, sketch.length);
            }
        });
    }

    /** Trino asks after every page, which is therefore not kept waiting until the next one comes. */
    @Override
    public long getEstimatedSize() {
        GroupedSketches held = sketchesOrNull();
        if (held == null) {
            return ownSize();
        }
        translating(held::pageDone);
        return ownSize() + held.retainedBytes();
    }

    @Override
    public void write(BlockBuilder out) {
        GroupedSketches from = sketchesOrNull();
        if (from == null) {
            out.appendNull();
            return;
        }
        translating(() -> {
            int length = from.encode(group());
            if (length == 0) {
                out.appendNull();
            } else {
                ((VariableWidthBlockBuilder) out).writeEntry(from.encoded(), 0, length);
            }
        });
    }
}
