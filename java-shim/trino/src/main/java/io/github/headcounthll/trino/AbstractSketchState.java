package io.github.headcounthll.trino;

import static io.github.headcounthll.trino.Errors.translating;

import io.airlift.slice.Slice;
import io.github.headcounthll.core.GroupedSketches;
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

    /** The bytes of this object alone. */
    abstract int instanceSize();

    @Override
    public void merge(VariableWidthBlock sketches, int position) {
        Slice raw = sketches.getRawSlice();
        int start = raw.byteArrayOffset() + sketches.getRawSliceOffset(position);
        translating(() -> sketches().merge(group(), raw.byteArray(), start, sketches.getSliceLength(position)));
    }

    @Override
    public void add(VariableWidthBlock ids, int position, long precision) {
        Slice raw = ids.getRawSlice();
        int start = raw.byteArrayOffset() + ids.getRawSliceOffset(position);
        translating(() -> sketches().add(group(), raw.byteArray(), start, ids.getSliceLength(position), precision));
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

    /** Trino asks after every page, which is therefore not kept waiting until the next one comes. */
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
                ((VariableWidthBlockBuilder) out).writeEntry(from.encoded(), 0, length);
            }
        });
    }
}
