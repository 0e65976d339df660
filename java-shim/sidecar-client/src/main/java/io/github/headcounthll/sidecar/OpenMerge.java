// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.api.GroupedSketches.Kind;
import java.util.BitSet;
import java.util.List;

/** A merge whose sketches the server holds while its rows come. */
final class OpenMerge {
    private final Aggregates aggregates;
    private final OpenExchange call;
    /** The groups of acknowledged rows. */
    private final BitSet groups = new BitSet();

    OpenMerge(Aggregates aggregates, OpenExchange call) {
        this.aggregates = aggregates;
        this.call = call;
    }

    /**
     * Merges rows.
     *
     * @return false if the server has ended the exchange. It may have merged some of the rows: merge all of them elsewhere
     */
    boolean add(GroupRows rows) {
        GroupRows sent = rows;
        if (rows.keptRows() > 0) {
            GroupRows rest = new GroupRows(Kind.MERGE);
            List<OutgoingMessage> kept =
                    aggregates.keptBatches(rows, rest, rows.memory().tokenBytes());
            switch (aggregates.exchange().addKept(call, kept, rows.memory(), rows.lap())) {
                case ADDED -> sent = rest;
                case NOT_THERE -> sent = rows;
                case ENDED -> {
                    return false;
                }
            }
        }
        for (OutgoingMessage batch : aggregates.batches(sent)) {
            if (!aggregates.exchange().add(call, batch)) {
                return false;
            }
        }
        for (int row = 0; row < rows.count(); row++) {
            groups.set(rows.group(row));
        }
        return true;
    }

    /** The bytes that the server holds. */
    long stateBytes() {
        return call.stateBytes();
    }

    /**
     * Ends the exchange.
     *
     * @param count the groups that there are: 0 to {@code count - 1}
     */
    void end(int count, Aggregates.Taker taker) {
        if (call.isRefused()) {
            return;
        }
        for (ResultBatch batch : aggregates.exchange().answer(call, Aggregates.SKETCHES)) {
            for (int row = 0; row < batch.rows(); row++) {
                long group = batch.isNull(0, row) ? -1 : batch.word(0, row);
                if (group < 0 || group >= count) {
                    throw malformed("groups that are not those that were sent");
                }
                if (!batch.isNull(1, row)) { // the rows of a group that were not acknowledged may have been left out
                    groups.clear((int) group);
                    taker.take((int) group, batch.bytes(1, row));
                }
            }
        }
        if (!groups.isEmpty()) {
            throw malformed("fewer groups than were sent");
        }
    }

    private RuntimeException malformed(String what) {
        return aggregates.exchange().malformed("an aggregate", what);
    }
}
