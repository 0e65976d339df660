// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.eval;

import io.github.headcounthll.core.api.Bytes;
import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.Functions;
import io.github.headcounthll.core.api.HeadcountException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * The check of sketches by block and row, for a backend in this process. An engine asks row by row, and a call costs more
 * than the check of a small sketch. So rows after the requested one are checked in the same call, and a request for one of
 * them costs a comparison.
 *
 * <p>The number of rows doubles while at least half of the rows checked last were requested, up to those of one brief call, and is
 * otherwise 1 again: about as many rows are checked in vain as are requested. An invalid row ends the rows that are checked
 * ahead, and is an error only when it is requested itself: a filter may skip the row.
 *
 * <p>What was checked is known per thread, for the most recent blocks, by weak references.
 */
final class ChecksAhead<B, V> {
    /** Blocks by thread; one expression may read several columns row by row. */
    private static final int MOST_BLOCKS = 4;

    private static final int MOST_ROWS = 128;
    /** The most bytes of a brief call, in which a row itself counts like {@link #ROW_BYTES}. */
    private static final int MOST_BYTES = 1 << 17;

    private static final int ROW_BYTES = 1 << 10;
    /** After the first invalid row of a block this many rows are checked one by one, after each further one twice as many. */
    private static final int PAUSE = 16;

    private static final int MOST_PAUSE = 1 << 20;

    private final Functions functions;
    private final Blocks<B, V> blocks;
    private final ThreadLocal<Recent> recent = ThreadLocal.withInitial(Recent::new);

    ChecksAhead(Functions functions, Blocks<B, V> blocks) {
        this.functions = functions;
        this.blocks = blocks;
    }

    /** Checks a row that is not NULL. Throws its error. */
    void check(B block, int row) {
        Recent known = recent.get();
        if (!known.last.includes(block, row)) {
            known.of(block).extend(block, row);
        }
    }

    /** What a thread checked most recently, and memory for a call. */
    private final class Recent {
        private final int[] starts = new int[MOST_ROWS];
        private final int[] lengths = new int[MOST_ROWS];
        /** The row of the block of each row of a call. */
        private final int[] places = new int[MOST_ROWS];

        private final List<Checked> checked = new ArrayList<>(MOST_BLOCKS);
        private Checked last = new Checked(this);
        /** The one that is replaced next. */
        private int oldest;

        /** Those of a block, which become the last. */
        Checked of(B block) {
            if (!last.isOf(block)) {
                last = find(block);
            }
            return last;
        }

        private Checked find(B block) {
            for (Checked known : checked) {
                if (known.isOf(block)) {
                    return known;
                }
            }
            Checked fresh;
            if (checked.size() < MOST_BLOCKS) {
                fresh = new Checked(this);
                checked.add(fresh);
            } else {
                fresh = checked.get(oldest);
                oldest = (oldest + 1) % MOST_BLOCKS;
            }
            fresh.begin(block);
            return fresh;
        }
    }

    /** Consecutive rows of a block that are valid or NULL. */
    private final class Checked {
        private final Recent memory;
        private WeakReference<B> block = new WeakReference<>(null);
        /** Inclusive. */
        private int from;
        /** Exclusive. */
        private int to;
        /** How many of them are valid. */
        private int valid;
        /** The requests for these rows. */
        private int requested;

        private int pause;
        /** How many requests are still to be checked one by one. */
        private int alone;

        Checked(Recent memory) {
            this.memory = memory;
        }

        void begin(B block) {
            this.block = new WeakReference<>(block);
            from = 0;
            to = 0;
            valid = 0;
            requested = 0;
            pause = PAUSE;
            alone = 0;
        }

        boolean isOf(B block) {
            return this.block.refersTo(block);
        }

        boolean includes(B block, int row) {
            if (row < from || row >= to || !isOf(block)) {
                return false;
            }
            requested++;
            return true;
        }

        /** Checks a row, and others after it if there are reasons to. */
        void extend(B block, int row) {
            if (includes(block, row)) {
                return;
            }
            int end = check(block, row, wanted());
            from = row;
            to = end;
            requested = 1;
        }

        private int wanted() {
            if (alone > 0) {
                alone--;
                return 1;
            }
            return valid > 0 && 2 * requested >= valid ? Math.min(2 * valid, MOST_ROWS) : 1;
        }

        /** Checks up to {@code wanted} rows that are not NULL; returns the end of those that are valid. Throws the error of {@code row}. */
        private int check(B block, int row, int wanted) {
            Bytes first = blocks.bytes(blocks.value(block, row));
            int rows = blocks.rows(block);
            int end = row;
            int count = 0;
            for (long bytes = 0; end < rows && count < wanted; end++) {
                if (!blocks.isNull(block, end)) {
                    Bytes bytesOfRow = blocks.bytes(blocks.value(block, end));
                    bytes += ROW_BYTES + bytesOfRow.length();
                    if (count > 0 && (bytes > MOST_BYTES || bytesOfRow.array() != first.array())) {
                        break;
                    }
                    memory.starts[count] = bytesOfRow.start();
                    memory.lengths[count] = bytesOfRow.length();
                    memory.places[count++] = end;
                }
            }
            if (count > 1) {
                valid = valid(new Column(first.array(), memory.starts, memory.lengths, count));
                if (valid == count) {
                    return end;
                }
                alone = pause;
                pause = Math.min(2 * pause, MOST_PAUSE);
                if (valid > 0) {
                    return memory.places[valid];
                }
            }
            functions.check(first.array(), first.start(), first.length());
            valid = 1;
            return row + 1;
        }

        /** The number of valid rows before the first invalid one. */
        private int valid(Column column) {
            try {
                functions.check(column);
                return column.rows();
            } catch (HeadcountException e) {
                return Math.max(0, Math.min(e.row(), column.rows() - 1));
            }
        }
    }
}
