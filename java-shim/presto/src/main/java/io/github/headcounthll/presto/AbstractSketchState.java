// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import static io.github.headcounthll.presto.Errors.translating;
import static io.github.headcounthll.presto.SliceBlocks.bytesOf;

import com.facebook.presto.common.block.Block;
import com.facebook.presto.common.block.BlockBuilder;
import io.airlift.slice.Slices;
import io.github.headcounthll.core.api.Bytes;
import io.github.headcounthll.core.api.GroupedSketches;

/** What a state of one group and a state of many have in common: they differ in which group is current. */
abstract class AbstractSketchState implements SketchState {
    /** The sketches, with room for the current group; for writing. */
    abstract GroupedSketches sketches();

    /** The sketches, or null when nothing came in for any group. */
    abstract GroupedSketches sketchesOrNull();

    abstract int group();

    /** The bytes of this object alone. */
    abstract int instanceSize();

    @Override
    public void merge(Block sketches, int position) {
        Bytes row = row(sketches, position);
        translating(() -> sketches().merge(group(), row.array(), row.start(), row.length()));
    }

    @Override
    public void add(Block ids, int position, long precision) {
        Bytes row = row(ids, position);
        translating(() -> sketches().add(group(), row.array(), row.start(), row.length(), precision));
    }

    private static Bytes row(Block block, int position) {
        return bytesOf(block.getSlice(position, 0, block.getSliceLength(position)));
    }

    @Override
    public void add(long id, long precision) {
        translating(() -> sketches().addLong(group(), id, precision));
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

    /** PrestoDB asks after every page, which is therefore not kept waiting until the next one comes. */
    @Override
    public long getEstimatedSize() {
        GroupedSketches held = sketchesOrNull();
        if (held == null) {
            return instanceSize();
        }
        translating(held::pageDone);
        return instanceSize() + held.retainedBytes();
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
                out.writeBytes(Slices.wrappedBuffer(from.encoded(), 0, length), 0, length)
                        .closeEntry();
            }
        });
    }
}
