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

/**
 * Calls by block and position, for a backend that wants whole columns. Trino asks for one position after the other;
 * when the first of some megabyte of a block is asked for, the backend evaluates all of it, and the answers are kept
 * for the others. A row that is refused is refused when its own position is asked for, and not before: a filter may
 * leave it out.
 *
 * <p>Answers are kept by thread, for the last few blocks that it worked on: as long as memory is plenty, and of no use
 * once Trino has let the block go, which nothing here keeps it from.
 */
final class BlockCalls {
    /** Blocks by thread: an expression may go through several columns, row by row. */
    private static final int MOST_BLOCKS = 8;
    /** As many constants as hll_bounds takes. A parameter with more values is a column of its own. */
    private static final int MOST_PARAMETERS = 3;
    private static final int WINDOW_BYTES = 1 << 20;
    private static final int WINDOW_ROWS = 4096;

    private static final ThreadLocal<SoftReference<Recent>> RECENT = new ThreadLocal<>();

    private BlockCalls() {}

    /** A bigint. */
    static long number(ColumnFunctions functions, Call call, VariableWidthBlock block, int position) {
        Window window = window(functions, call, block, position, 0);
        int row = window.row(position);
        window.answers.expect(row);
        return window.answers.words()[row];
    }

    /** All the doubles of a row; null when the parameter changes with the rows, so that they are better called singly. */
    static double[] doubles(
            ColumnFunctions functions, Call call, VariableWidthBlock block, int position, long parameter, int width) {
        Window window = window(functions, call, block, position, parameter);
        if (window == null) {
            return null;
        }
        int row = window.row(position);
        window.answers.expect(row);
        double[] values = new double[width];
        for (int i = 0; i < width; i++) {
            values[i] = Double.longBitsToDouble(window.answers.words()[row * width + i]);
        }
        return values;
    }

    /** A sketch; null as of {@link #doubles}. */
    static Slice sketch(ColumnFunctions functions, Call call, VariableWidthBlock block, int position, long parameter) {
        Window window = window(functions, call, block, position, parameter);
        if (window == null) {
            return null;
        }
        int row = window.row(position);
        window.answers.expect(row);
        Column sketches = window.answers.sketches();
        return Slices.wrappedBuffer(sketches.data(), sketches.starts()[row], sketches.lengths()[row]);
    }

    private static Window window(
            ColumnFunctions functions, Call call, VariableWidthBlock block, int position, long parameter) {
        SoftReference<Recent> reference = RECENT.get();
        Recent recent = reference == null ? null : reference.get();
        if (recent == null) {
            recent = new Recent();
            RECENT.set(new SoftReference<>(recent));
        }
        Evaluated evaluated = recent.of(call, block, parameter);
        return evaluated == null ? null : evaluated.window(functions, position);
    }

    /** What a thread has evaluated lately. */
    private static final class Recent {
        private final Evaluated[] blocks = new Evaluated[MOST_BLOCKS];
        private int oldest;

        Evaluated of(Call call, VariableWidthBlock block, long parameter) {
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

    /** A block and its answers, window by window: equal numbers of rows, a megabyte or so. */
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
     */
    private record Window(int from, int[] rows, Answers answers) {
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
            return new Window(from, rows, functions.answer(call, new Column(raw.byteArray(), starts, lengths, count), parameter));
        }

        int row(int position) {
            return rows == null ? position - from : rows[position - from];
        }
    }
}
