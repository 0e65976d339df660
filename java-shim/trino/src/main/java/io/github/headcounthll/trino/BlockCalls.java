package io.github.headcounthll.trino;

import io.airlift.slice.Slice;
import io.airlift.slice.Slices;
import io.github.headcounthll.core.Answers;
import io.github.headcounthll.core.Column;
import io.github.headcounthll.core.ColumnFunctions;
import io.github.headcounthll.core.ColumnFunctions.Call;
import io.trino.spi.block.VariableWidthBlock;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.Optional;

/**
 * Calls by block and position, for a backend that wants whole columns. Trino asks for one position after the other;
 * when the first of some megabytes of a block is asked for, the backend evaluates all of it, and the answers are kept
 * for the others. A row that is refused is refused when its own position is asked for, and not before: a filter may
 * leave it out.
 *
 * <p>A value may be the row that was asked for or given last, such as the cast of a column inside another call: it is
 * then found there, and the other call goes by block too.
 *
 * <p>Answers are kept by thread, for the last few blocks that it worked on: as long as memory is plenty, and of no use
 * once Trino has let the block go, which nothing here keeps it from.
 */
final class BlockCalls {
    /** Blocks by thread: an expression may go through several columns, row by row. */
    private static final int MOST_BLOCKS = 8;
    /** As many constants as hll_bounds takes. A parameter with more values is a column of its own. */
    private static final int MOST_PARAMETERS = 3;
    private static final int WINDOW_BYTES = 4 << 20;
    private static final int WINDOW_ROWS = 4096;

    private static final ThreadLocal<SoftReference<Recent>> RECENT = new ThreadLocal<>();

    private BlockCalls() {}

    /** A bigint. */
    static long number(ColumnFunctions functions, Call call, VariableWidthBlock block, int position) {
        Window window = recent().window(functions, call, block, position, 0);
        int row = window.row(position);
        window.answers.expect(row);
        return window.answers.words()[row];
    }

    /** The same of a value. */
    static long number(ColumnFunctions functions, Call call, Slice value) {
        Recent recent = recent();
        if (recent.holds(value)) {
            return number(functions, call, recent.lastBlock.get(), recent.lastPosition);
        }
        return single(functions, call, value, 0).words()[0];
    }

    /** All the doubles of a row. */
    static double[] doubles(
            ColumnFunctions functions, Call call, VariableWidthBlock block, int position, long parameter, int width) {
        Window window = recent().window(functions, call, block, position, parameter);
        if (window == null) {
            return doubles(single(functions, call, block.getSlice(position), parameter), 0, width);
        }
        int row = window.row(position);
        window.answers.expect(row);
        return doubles(window.answers, row, width);
    }

    /** The same of a value. */
    static double[] doubles(ColumnFunctions functions, Call call, Slice value, long parameter, int width) {
        Recent recent = recent();
        if (recent.holds(value)) {
            return doubles(functions, call, recent.lastBlock.get(), recent.lastPosition, parameter, width);
        }
        return doubles(single(functions, call, value, parameter), 0, width);
    }

    private static double[] doubles(Answers answers, int row, int width) {
        double[] values = new double[width];
        for (int i = 0; i < width; i++) {
            values[i] = Double.longBitsToDouble(answers.words()[row * width + i]);
        }
        return values;
    }

    /** A sketch. */
    static Slice sketch(ColumnFunctions functions, Call call, VariableWidthBlock block, int position, long parameter) {
        Recent recent = recent();
        Window window = recent.window(functions, call, block, position, parameter);
        if (window == null) {
            return sketch(single(functions, call, block.getSlice(position), parameter), 0);
        }
        int row = window.row(position);
        window.answers.expect(row);
        recent.last(window.sketches, row);
        return window.sketches.getSlice(row);
    }

    /** The same of a value. */
    static Slice sketch(ColumnFunctions functions, Call call, Slice value, long parameter) {
        Recent recent = recent();
        if (recent.holds(value)) {
            return sketch(functions, call, recent.lastBlock.get(), recent.lastPosition, parameter);
        }
        return sketch(single(functions, call, value, parameter), 0);
    }

    private static Slice sketch(Answers answers, int row) {
        Column sketches = answers.sketches();
        return Slices.wrappedBuffer(sketches.data(), sketches.starts()[row], sketches.lengths()[row]);
    }

    private static Answers single(ColumnFunctions functions, Call call, Slice value, long parameter) {
        Answers answers = functions.answer(
                call, Column.of(value.byteArray(), value.byteArrayOffset(), value.length()), parameter);
        answers.expect(0);
        return answers;
    }

    private static Recent recent() {
        SoftReference<Recent> reference = RECENT.get();
        Recent recent = reference == null ? null : reference.get();
        if (recent == null) {
            recent = new Recent();
            RECENT.set(new SoftReference<>(recent));
        }
        return recent;
    }

    /** What a thread has evaluated lately. */
    private static final class Recent {
        private final Evaluated[] blocks = new Evaluated[MOST_BLOCKS];
        private int oldest;
        /** What was asked for or given last. */
        private WeakReference<VariableWidthBlock> lastBlock = new WeakReference<>(null);
        private int lastPosition;

        /** The answers with those of a position; null when it is better called singly. */
        Window window(ColumnFunctions functions, Call call, VariableWidthBlock block, int position, long parameter) {
            Evaluated evaluated = of(call, block, parameter);
            if (evaluated == null) {
                return null;
            }
            last(block, position);
            return evaluated.window(functions, position);
        }

        void last(VariableWidthBlock block, int position) {
            if (!lastBlock.refersTo(block)) {
                lastBlock = new WeakReference<>(block);
            }
            lastPosition = position;
        }

        /** Is a value the row that was asked for or given last? */
        boolean holds(Slice value) {
            VariableWidthBlock block = lastBlock.get();
            if (block == null) {
                return false;
            }
            Slice raw = block.getRawSlice();
            return value.byteArray() == raw.byteArray()
                    && value.byteArrayOffset() == raw.byteArrayOffset() + block.getRawSliceOffset(lastPosition)
                    && value.length() == block.getSliceLength(lastPosition);
        }

        /** Null when the parameter changes with the rows. */
        private Evaluated of(Call call, VariableWidthBlock block, long parameter) {
            int parameters = 0;
            for (Evaluated known : blocks) {
                if (known != null && known.is(call, block)) {
                    if (known.parameter == parameter) {
                        return known;
                    }
                    parameters++;
                }
            }
            if (parameters == MOST_PARAMETERS) {
                return null;
            }
            Evaluated evaluated = new Evaluated(call, block, parameter);
            blocks[oldest] = evaluated;
            oldest = (oldest + 1) % MOST_BLOCKS;
            return evaluated;
        }
    }

    /** A block and its answers, window by window: equal numbers of rows, some megabytes. */
    private static final class Evaluated {
        private final Call call;
        private final WeakReference<VariableWidthBlock> block;
        private final long parameter;
        private final int windowRows;
        private final Window[] windows;

        Evaluated(Call call, VariableWidthBlock block, long parameter) {
            this.call = call;
            this.block = new WeakReference<>(block);
            this.parameter = parameter;
            int rows = block.getPositionCount();
            int last = rows - 1;
            long bytes = block.getRawSliceOffset(last) + block.getSliceLength(last) - block.getRawSliceOffset(0);
            windowRows = (int) Math.clamp(WINDOW_BYTES * (long) rows / Math.max(1, bytes), 1, WINDOW_ROWS);
            windows = new Window[(rows + windowRows - 1) / windowRows];
        }

        boolean is(Call call, VariableWidthBlock block) {
            return this.block.refersTo(block) && this.call == call;
        }

        Window window(ColumnFunctions functions, int position) {
            int number = position / windowRows;
            if (windows[number] == null) {
                VariableWidthBlock rows = block.get();
                int from = number * windowRows;
                windows[number] = Window.evaluate(
                        functions, call, rows, from, Math.min(from + windowRows, rows.getPositionCount()), parameter);
            }
            return windows[number];
        }
    }

    /**
     * The answers of some rows of a block.
     *
     * @param from the first position
     * @param rows of each position its row in the answers, which have none for a NULL; null when there are no NULLs
     * @param sketches the answers that are sketches, as a block; null where the call gives none
     */
    private record Window(int from, int[] rows, Answers answers, VariableWidthBlock sketches) {
        static Window evaluate(
                ColumnFunctions functions, Call call, VariableWidthBlock block, int from, int to, long parameter) {
            int[] starts = new int[to - from];
            int[] lengths = new int[to - from];
            int[] rows = block.mayHaveNull() ? new int[to - from] : null;
            Slice raw = block.getRawSlice();
            int count = 0;
            for (int position = from; position < to; position++) {
                if (rows != null) {
                    rows[position - from] = count;
                    if (block.isNull(position)) {
                        continue;
                    }
                }
                starts[count] = raw.byteArrayOffset() + block.getRawSliceOffset(position);
                lengths[count++] = block.getSliceLength(position);
            }
            Answers answers = functions.answer(call, new Column(raw.byteArray(), starts, lengths, count), parameter);
            return new Window(from, rows, answers, answers.sketches() == null ? null : blockOf(answers.sketches()));
        }

        /** The same bytes: a backend's sketches are one after the other. */
        private static VariableWidthBlock blockOf(Column sketches) {
            int[] offsets = Arrays.copyOf(sketches.starts(), sketches.rows() + 1);
            int last = sketches.rows() - 1;
            offsets[last + 1] = last < 0 ? 0 : sketches.starts()[last] + sketches.lengths()[last];
            return new VariableWidthBlock(
                    sketches.rows(), Slices.wrappedBuffer(sketches.data()), offsets, Optional.empty());
        }

        int row(int position) {
            return rows == null ? position - from : rows[position - from];
        }
    }
}
