// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.eval;

import io.github.headcounthll.core.api.ColumnFunctions;
import io.github.headcounthll.core.api.RowResults;
import io.github.headcounthll.core.api.Scalar;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Calls by block and row, for a backend that evaluates whole columns. An engine calls row by row; on the first call for
 * a block, the backend evaluates up to a few megabytes of it at once ({@link EvaluatedRows}), and the results are
 * cached for the other rows. The error of an invalid row is thrown only when that row is requested: a filter may skip
 * the row.
 *
 * <p>An argument may be the row that was requested or returned last, such as the cast of a column nested in another
 * call. It is recognized, and the outer call is evaluated by block too.
 *
 * <p>Results are cached per thread, for the most recent blocks. The cache holds blocks by soft and weak references
 * only, so it never keeps a block alive that the engine has dropped.
 */
final class BlockCalls<B, V> {
    /** Blocks by thread; one expression may read several columns row by row. */
    private static final int MOST_BLOCKS = 8;
    /** The number of constants that hll_bounds takes. A parameter with more distinct values is treated as a column. */
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

    /** The blocks that a thread evaluated most recently. */
    private final class Recent {
        /** Oldest first. */
        private final List<Evaluated> evaluated = new ArrayList<>(MOST_BLOCKS);
        /** The value that was requested or returned last. */
        private WeakReference<B> lastBlock = new WeakReference<>(null);

        private int lastRow;

        /** The results that include this row; null if it is cheaper to call for the single row. */
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

        /** Returns whether the value is the row that was requested or returned last, compared by array and offset. */
        boolean holds(V value) {
            B block = lastBlock.get();
            return block != null && blocks.bytes(value).liesAt(blocks.bytes(blocks.value(block, lastRow)));
        }

        /** Null if the parameter differs between rows. */
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

    /** A block and its results, one window of rows at a time. */
    private final class Evaluated {
        private final Scalar function;
        private final WeakReference<B> block;
        private final long parameter;
        private final int windowRows;
        /** Null for a window of which no row was requested yet. */
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
                window = evaluate(block.get(), number * windowRows);
                windows.set(number, window);
            }
            return window;
        }

        private EvaluatedRows<B> evaluate(B of, int from) {
            int[] places = new int[Math.min(windowRows, blocks.rows(of) - from)];
            ColumnBuilder column = new ColumnBuilder(places.length);
            for (int i = 0; i < places.length; i++) {
                places[i] = column.rows();
                if (!blocks.isNull(of, from + i)) {
                    column.add(blocks.bytes(blocks.value(of, from + i)));
                }
            }
            RowResults answers = functions.answer(function, column.column(), parameter);
            B sketches = answers.sketches() == null ? null : blocks.block(answers.sketches());
            return new EvaluatedRows<>(from, places, answers, sketches);
        }
    }
}
