// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

import io.github.headcounthll.core.api.ErrorTranslator;
import io.github.headcounthll.core.api.GroupedSketches;
import io.github.headcounthll.core.api.HeadcountException;

/**
 * An aggregation state as an engine holds it: the sketches, and the group that the next call is for. A state is either
 * of many groups, or of one. A state of one group is cheap to create, since a window frame may create one for every row:
 * it opens its sketches with the first input.
 *
 * <p>A state of one group can also refer to a partial result in a block (the deserializer does this). The row then goes
 * from its block straight into the state that it is combined with.
 *
 * @param <B> the engine's block
 */
public abstract class EngineState<B> {
    private static final int FEWEST_TEXT_BYTES = 64;
    private static final int MOST_TEXT_BYTES = 64 << 10;

    private final ErrorTranslator errors;
    /** Null in a state of one group without input. */
    private GroupedSketches sketches;

    private int group;
    private B partial;
    private int partialPosition;
    /** The texts of ids, one after the other. The sketches queue rows of the array, so a full one is replaced. */
    private byte[] texts = {};

    private int textsEnd;

    /** @param sketches the sketches of many groups; null for a state of one group */
    protected EngineState(ErrorTranslator errors, GroupedSketches sketches) {
        this.errors = errors;
        this.sketches = sketches;
    }

    /** Creates the sketches of a state of one group. */
    protected abstract GroupedSketches newSketches();

    /** Merges the sketch in a row of a block. */
    protected abstract void mergeRow(GroupedSketches into, int group, B block, int position);

    /** The bytes of this object without its sketches. */
    protected abstract long ownBytes();

    /** Adds input that the engine's class has queued. Called before every access to the sketches. */
    protected void addQueued(GroupedSketches into, int group) {}

    /** Whether {@link #addQueued} has work to do. */
    protected boolean hasQueued() {
        return false;
    }

    /** The group of the next call. */
    public final void setGroup(int group) {
        this.group = group;
    }

    protected final int group() {
        return group;
    }

    public final void ensureGroups(int groups) {
        errors.run(() -> sketches.ensureCapacity(groups));
    }

    /** Turns this state, of one group, into a partial result in a row of a block; previous contents are dropped. */
    public void refer(B block, int position) {
        sketches = null;
        partial = block;
        partialPosition = position;
    }

    /** The sketches, for input. */
    protected final GroupedSketches sketches() {
        takePending();
        return open();
    }

    /** The sketches, or null if there was no input. */
    protected final GroupedSketches sketchesOrNull() {
        takePending();
        return sketches;
    }

    private GroupedSketches open() {
        if (sketches == null) {
            sketches = newSketches();
        }
        return sketches;
    }

    /** Takes in what the sketches do not include yet. */
    protected final void takePending() {
        if (partial != null) {
            B block = partial;
            partial = null;
            merge(block, partialPosition);
        }
        if (hasQueued()) {
            errors.run(() -> addQueued(open(), group));
        }
    }

    /** Merges the sketch in a row of a block. Called for each row, and therefore without a lambda. */
    public final void merge(B block, int position) {
        try {
            mergeRow(sketches(), group, block, position);
        } catch (HeadcountException e) {
            throw errors.translate(e);
        }
    }

    /** Adds an integer, as its decimal text. */
    public final void add(long id, long precision) {
        try {
            sketches().addLong(group, id, precision);
        } catch (HeadcountException e) {
            throw errors.translate(e);
        }
    }

    /** Adds the text of an id. */
    public final void add(byte[] text, long precision) {
        if (text.length > texts.length - textsEnd) {
            int wanted = Math.max(FEWEST_TEXT_BYTES, Math.min(MOST_TEXT_BYTES, 2 * texts.length));
            texts = new byte[Math.max(wanted, text.length)];
            textsEnd = 0;
        }
        System.arraycopy(text, 0, texts, textsEnd, text.length);
        try {
            sketches().add(group, texts, textsEnd, text.length, precision);
        } catch (HeadcountException e) {
            throw errors.translate(e);
        }
        textsEnd += text.length;
    }

    /** Merges the current group of another state into that of this one. */
    protected final void combineFrom(EngineState<B> other) {
        if (other.partial != null) {
            merge(other.partial, other.partialPosition);
            return;
        }
        GroupedSketches from = other.sketchesOrNull();
        if (from != null) {
            errors.run(() -> {
                byte[] sketch = from.sketch(other.group);
                if (sketch != null) {
                    sketches().merge(group, sketch, 0, sketch.length);
                }
            });
        }
    }

    /** The retained bytes. Engines ask after every page, so this also ends the page. */
    public long getEstimatedSize() {
        GroupedSketches held = sketchesOrNull();
        if (held == null) {
            return ownBytes();
        }
        errors.run(held::pageDone);
        return ownBytes() + Sizes.of(texts) + held.retainedBytes();
    }

    /** Copies an encoded sketch, {@code length} bytes of an array, to an engine's output. */
    protected interface Output {
        void write(byte[] encoded, int from, int length);
    }

    /** Writes the encoded sketch of the current group. Returns false, and writes nothing, if it had no input. */
    protected final boolean write(Output out) {
        GroupedSketches from = sketchesOrNull();
        return from != null
                && errors.value(() -> {
                    int length = from.encode(group);
                    if (length > 0) {
                        out.write(from.encoded(), from.encodedFrom(), length);
                    }
                    return length > 0;
                });
    }

    /** Copies the sketches, the group and nothing else to a new state. */
    protected final void copyTo(EngineState<B> copy) {
        GroupedSketches held = sketchesOrNull();
        copy.sketches = held == null ? null : errors.value(held::copy);
        copy.group = group;
    }
}
