// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core;

import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Calls by block and row, for a backend that wants whole columns. An engine asks for one row after the other; when the
 * first of some megabytes of a block is asked for, the backend evaluates all of it ({@link EvaluatedRows}), and the answers are
 * kept for the others. A row that is refused is refused when it is asked for itself, and not before: a filter may leave
 * it out.
 *
 * <p>A value may be the row that was asked for or given last, such as the cast of a column inside another call: it is
 * then found there, and the other call goes by block too.
 *
 * <p>RowResults are kept by thread, for the last few blocks that it worked on: as long as memory is plenty, and of no use
 * once the engine has let the block go, which nothing here keeps it from.
 */
final class BlockCalls<B, V> {
    /** Blocks by thread: an expression may go through several columns, row by row. */
    private static final int MOST_BLOCKS = 8;
    /** As many constants as hll_bounds takes. A parameter with more values is a column of its own. */
    private static final int MOST_PARAMETERS = 3;

    private final ColumnFunctions functions;
    private final Blocks<B, V> blocks;
    private final ThreadLocal<SoftReference<Recent>> recent = new ThreadLocal<>();

    BlockCalls(ColumnFunctions functions, Blocks<B, V> blocks) {
        this.functions = functions;
        this.blocks = blocks;
    }

    long int64(Scalar function, B block, int row) {
        EvaluatedRows<B> window = recent().window(function, block, row, 0);
        return window.answers().words()[window.answered(row)];
    }

    long int64(Scalar function, V value) {
        Recent recent = recent();
        if (recent.holds(value)) {
            return int64(function, recent.lastBlock.get(), recent.lastRow);
        }
        return single(function, value, 0).words()[0];
    }

    double[] float64(Scalar function, B block, int row, long parameter) {
        EvaluatedRows<B> window = recent().window(function, block, row, parameter);
        if (window == null) {
            return single(function, blocks.value(block, row), parameter).doubles(0, function.width());
        }
        return window.answers().doubles(window.answered(row), function.width());
    }

    double[] float64(Scalar function, V value, long parameter) {
        Recent recent = recent();
        if (recent.holds(value)) {
            return float64(function, recent.lastBlock.get(), recent.lastRow, parameter);
        }
        return single(function, value, parameter).doubles(0, function.width());
    }

    V sketch(Scalar function, B block, int row, long parameter) {
        Recent recent = recent();
        EvaluatedRows<B> window = recent.window(function, block, row, parameter);
        if (window == null) {
            return sketch(single(function, blocks.value(block, row), parameter));
        }
        int answered = window.answered(row);
        recent.last(window.sketches(), answered);
        return blocks.value(window.sketches(), answered);
    }

    V sketch(Scalar function, V value, long parameter) {
        Recent recent = recent();
        if (recent.holds(value)) {
            return sketch(function, recent.lastBlock.get(), recent.lastRow, parameter);
        }
        return sketch(single(function, value, parameter));
    }

    private V sketch(RowResults one) {
        return blocks.value(blocks.block(one.sketches()), 0);
    }

    private RowResults single(Scalar function, V value, long parameter) {
        RowResults answers = functions.answer(function, blocks.bytes(value).column(), parameter);
        answers.expect(0);
        return answers;
    }

    private Recent recent() {
        SoftReference<Recent> reference = recent.get();
        Recent known = reference == null ? null : reference.get();
        if (known == null) {
            known = new Recent();
            recent.set(new SoftReference<>(known));
        }
        return known;
    }

    /** What a thread has evaluated lately. */
    private final class Recent {
        /** The oldest first. */
        private final List<Evaluated> evaluated = new ArrayList<>(MOST_BLOCKS);
        /** What was asked for or given last. */
        private WeakReference<B> lastBlock = new WeakReference<>(null);
        private int lastRow;

        /** The answers with those of a row; null when it is better called singly. */
        EvaluatedRows<B> window(Scalar function, B block, int row, long parameter) {
            Evaluated of = of(function, block, parameter);
            if (of == null) {
                return null;
            }
            last(block, row);
            return of.window(row);
        }

        void last(B block, int row) {
            if (!lastBlock.refersTo(block)) {
                lastBlock = new WeakReference<>(block);
            }
            lastRow = row;
        }

        /** Is a value the row that was asked for or given last? By its place. */
        boolean holds(V value) {
            B block = lastBlock.get();
            return block != null && blocks.bytes(value).liesAt(blocks.bytes(blocks.value(block, lastRow)));
        }

        /** Null when the parameter changes with the rows. */
        private Evaluated of(Scalar function, B block, long parameter) {
            int parameters = 0;
            for (Evaluated known : evaluated) {
                if (known.is(function, block)) {
                    if (known.parameter == parameter) {
                        return known;
                    }
                    parameters++;
                }
            }
            if (parameters == MOST_PARAMETERS) {
                return null;
            }
            if (evaluated.size() == MOST_BLOCKS) {
                evaluated.remove(0);
            }
            Evaluated fresh = new Evaluated(function, block, parameter);
            evaluated.add(fresh);
            return fresh;
        }
    }

    /** A block and its answers, window by window. */
    private final class Evaluated {
        private final Scalar function;
        private final WeakReference<B> block;
        private final long parameter;
        private final int windowRows;
        /** Null where none of its rows was asked for yet. */
        private final List<EvaluatedRows<B>> windows;

        Evaluated(Scalar function, B block, long parameter) {
            this.function = function;
            this.block = new WeakReference<>(block);
            this.parameter = parameter;
            int rows = blocks.rows(block);
            windowRows = EvaluatedRows.rows(rows, blocks.size(block));
            windows = new ArrayList<>(Collections.nCopies((rows + windowRows - 1) / windowRows, null));
        }

        boolean is(Scalar function, B block) {
            return this.block.refersTo(block) && this.function == function;
        }

        EvaluatedRows<B> window(int row) {
            int number = row / windowRows;
            EvaluatedRows<B> window = windows.get(number);
            if (window == null) {
                B of = block.get();
                int from = number * windowRows;
                int to = Math.min(from + windowRows, blocks.rows(of));
                window = EvaluatedRows.evaluate(functions, function, blocks, of, from, to, parameter);
                windows.set(number, window);
            }
            return window;
        }
    }
}
