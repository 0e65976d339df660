// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import java.util.ArrayList;
import java.util.List;

/** The aggregate calls: sends rows of groups, and receives one sketch for each group. */
final class Aggregates {
    private static final List<ExpectedColumn> RESULTS = List.of(ExpectedColumn.INT64, ExpectedColumn.BINARY);
    private static final byte[] MERGE = Schemas.request(List.of(WireType.INT64, WireType.BINARY), false);
    private static final byte[] ADD = Schemas.request(List.of(WireType.INT64, WireType.BINARY, WireType.INT64), false);
    private static final byte[] ADD_LONG =
            Schemas.request(List.of(WireType.INT64, WireType.INT64, WireType.INT64), false);

    private final Exchange exchange;

    Aggregates(Exchange exchange) {
        this.exchange = exchange;
    }

    /** Receives a group's sketch, in a new array. */
    interface Taker {
        void take(int group, byte[] sketch);
    }

    /** Calls the aggregate for rows of this kind. The rows must not change during the call. */
    void call(GroupRows rows, Taker taker) {
        List<ResultBatch> answer = switch (rows.kind()) {
            case MERGE -> exchange.call("merge", MERGE, batches(rows), RESULTS);
            case ADD -> exchange.call("hll_agg", ADD, batches(rows), RESULTS);
            case ADD_LONG -> exchange.call("hll_agg", ADD_LONG, batches(rows), RESULTS);
        };
        int group = 0;
        for (ResultBatch batch : answer) {
            for (int row = 0; row < batch.rows(); row++, group = rows.afterGroup(group)) {
                if (group == rows.count()
                        || batch.isNull(0, row)
                        || batch.isNull(1, row)
                        || batch.word(0, row) != rows.group(group)) {
                    throw exchange.malformed("an aggregate", "groups that are not those that were sent");
                }
                taker.take(rows.group(group), batch.bytes(1, row));
            }
        }
        if (group < rows.count()) {
            throw exchange.malformed("an aggregate", "fewer groups than were sent");
        }
    }

    private static List<OutgoingMessage> batches(GroupRows rows) {
        long[] groups = new long[rows.count()];
        for (int row = 0; row < groups.length; row++) {
            groups[row] = rows.group(row);
        }
        List<OutgoingMessage> batches = new ArrayList<>();
        for (Part part = Part.first(rows.count(), rows::length);
                part != null;
                part = part.next(rows.count(), rows::length)) {
            int from = part.from();
            int count = part.rows();
            List<RequestColumn> columns = new ArrayList<>(3);
            columns.add(new RequestColumn.Int64(groups, from, count));
            columns.add(
                    rows.kind() == GroupRows.Kind.ADD_LONG
                            ? new RequestColumn.Int64(rows.values(), from, count)
                            : new RequestColumn.Bytes(WireType.BINARY, rows, from, count, part.bytes()));
            if (rows.kind() != GroupRows.Kind.MERGE) {
                columns.add(new RequestColumn.Int64(rows.precisions(), from, count));
            }
            batches.add(OutgoingMessage.batch(count, columns));
        }
        return batches;
    }
}
