package io.github.headcounthll.presto;

import static io.github.headcounthll.presto.Errors.translating;

import com.facebook.presto.common.block.Block;
import com.facebook.presto.common.block.BlockBuilder;
import io.airlift.slice.Slice;
import io.airlift.slice.Slices;
import io.github.headcounthll.core.GroupedSketches;

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
        Slice row = row(sketches, position);
        translating(() -> sketches().merge(group(), row.byteArray(), row.byteArrayOffset(), row.length()));
    }

    @Override
    public void add(Block ids, int position, long precision) {
        Slice row = row(ids, position);
        translating(() -> sketches().add(group(), row.byteArray(), row.byteArrayOffset(), row.length(), precision));
    }

    /** A row where it lies in the block's array; a copy of one that lies in no byte array. */
    private static Slice row(Block block, int position) {
        Slice row = block.getSlice(position, 0, block.getSliceLength(position));
        return row.hasByteArray() ? row : Slices.wrappedBuffer(row.getBytes());
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
                out.writeBytes(Slices.wrappedBuffer(from.encoded(), 0, length), 0, length).closeEntry();
            }
        });
    }
}
