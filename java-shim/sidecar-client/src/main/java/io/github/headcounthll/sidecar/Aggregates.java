// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.api.GroupedSketches.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The aggregate calls: sends rows of groups, and receives one sketch or encoded array for each group.
 *
 * @param merge the function that merges
 * @param arrays whether rows and results are arrays, not sketches
 */
record Aggregates(Exchange exchange, String merge, boolean arrays) {
    /** The columns of an answer of sketches. */
    static final List<ExpectedColumn> SKETCHES = List.of(ExpectedColumn.INT64, ExpectedColumn.BINARY);

    private static final List<ExpectedColumn> ARRAYS = List.of(ExpectedColumn.INT64, ExpectedColumn.INT64_LIST);
    private static final byte[] MERGE = Schemas.request(List.of(WireType.INT64, WireType.BINARY), false);
    private static final byte[] ACKNOWLEDGED = Schemas.acknowledged(List.of(WireType.INT64, WireType.BINARY));
    private static final byte[] SUM = Schemas.request(List.of(WireType.INT64, WireType.INT64_LIST), false);
    private static final byte[] ADD = Schemas.request(List.of(WireType.INT64, WireType.BINARY, WireType.INT64), false);
    private static final byte[] ADD_LONG =
            Schemas.request(List.of(WireType.INT64, WireType.INT64, WireType.INT64), false);

    /** Receives a group's sketch or array, in a new array. */
    interface Taker {
        void take(int group, byte[] sketch);
    }

    /** Calls the aggregate for rows of this kind. The rows must not change during the call. */
    void call(GroupRows rows, Taker taker) {
        List<ResultBatch> answer = switch (rows.kind()) {
            case MERGE -> exchange.call(merge, arrays ? SUM : MERGE, batches(rows), arrays ? ARRAYS : SKETCHES, false);
            case ADD -> exchange.call("hll_agg", ADD, batches(rows), SKETCHES, false);
            case ADD_LONG -> exchange.call("hll_agg", ADD_LONG, batches(rows), SKETCHES, false);
        };
        GroupOrder order = new GroupOrder();
        for (int row = 0; row < rows.count(); row++) {
            order.add(rows.group(row));
        }
        take(answer, order, taker);
    }

    /**
     * Calls merge for rows of which the server keeps some.
     *
     * @param rest the sketches that the groups have
     * @return false if it keeps none any more: then no group was taken
     */
    boolean callKept(GroupRows rows, GroupRows rest, Taker taker) {
        List<OutgoingMessage> batches = keptBatches(rows, rest, null);
        GroupOrder order = new GroupOrder();
        for (int row = 0; row < rows.count(); row++) {
            if (rows.place(row) >= 0) {
                order.add(rows.group(row));
            }
        }
        for (int row = 0; row < rest.count(); row++) {
            order.add(rest.group(row));
        }
        batches.addAll(batches(rest));
        List<ResultBatch> answer = exchange.callKept(merge, MERGE, batches, SKETCHES, rows.memory(), rows.lap());
        if (answer != null) {
            take(answer, order, taker);
        }
        return answer != null;
    }

    /**
     * The batches of the rows that the server keeps.
     *
     * @param rest receives the others
     * @param token of the memory if the call does not name it; null if it does
     */
    List<OutgoingMessage> keptBatches(GroupRows rows, GroupRows rest, byte[] token) {
        List<OutgoingMessage> batches = new ArrayList<>();
        for (int row = 0; row < rows.count(); ) {
            KeptBatch batch = new KeptBatch(rows, row);
            row = batch.end();
            if (batch.rows() > 0) {
                batches.add(batch.message(token));
            }
        }
        for (int row = 0; row < rows.count(); row++) {
            if (rows.place(row) < 0) {
                rest.append(rows, row);
            }
        }
        return batches;
    }

    /** A merge whose sketches the server holds; null if there is none now. */
    OpenMerge open() {
        OpenExchange call = arrays ? null : exchange.open(merge, ACKNOWLEDGED);
        return call == null ? null : new OpenMerge(this, call);
    }

    /** The groups in the order of their first rows. */
    private static final class GroupOrder {
        private final BitSet seen = new BitSet();
        private int[] groups = new int[16];
        private int count;

        void add(int group) {
            if (seen.get(group)) {
                return;
            }
            seen.set(group);
            if (count == groups.length) {
                groups = Arrays.copyOf(groups, 2 * count);
            }
            groups[count++] = group;
        }
    }

    /** Takes an answer, whose groups must be in the order of their first rows. */
    private void take(List<ResultBatch> answer, GroupOrder order, Taker taker) {
        int[] groups = order.groups;
        int next = 0;
        for (ResultBatch batch : answer) {
            for (int row = 0; row < batch.rows(); row++, next++) {
                if (next == order.count
                        || batch.isNull(0, row)
                        || batch.isNull(1, row) && !arrays
                        || batch.word(0, row) != groups[next]) {
                    throw exchange.malformed("an aggregate", "groups that are not those that were sent");
                }
                if (!batch.isNull(1, row)) { // a sum of arrays without elements is NULL
                    taker.take(groups[next], arrays ? batch.array(1, row) : batch.bytes(1, row));
                }
            }
        }
        if (next < order.count) {
            throw exchange.malformed("an aggregate", "fewer groups than were sent");
        }
    }

    /** The batches of rows, with their bytes. */
    List<OutgoingMessage> batches(GroupRows rows) {
        long[] groups = new long[rows.count()];
        for (int row = 0; row < groups.length; row++) {
            groups[row] = rows.group(row);
        }
        List<OutgoingMessage> batches = new ArrayList<>();
        for (Part part : Part.of(rows.count(), rows::length, exchange.mostBytes())) {
            int from = part.from();
            int count = part.rows();
            List<RequestColumn> columns = new ArrayList<>(3);
            columns.add(new RequestColumn.Words(groups, from, count));
            columns.add(input(rows, part));
            if (rows.kind() != Kind.MERGE) {
                columns.add(new RequestColumn.Words(rows.precisions(), from, count));
            }
            batches.add(OutgoingMessage.batch(count, columns));
        }
        return batches;
    }

    private RequestColumn input(GroupRows rows, Part part) {
        if (rows.kind() == Kind.ADD_LONG) {
            return new RequestColumn.Words(rows.values(), part.from(), part.rows());
        }
        RequestColumn.Bytes bytes = new RequestColumn.Bytes(rows, part.from(), part.rows(), part.bytes());
        return arrays ? new RequestColumn.Int64Lists(bytes) : bytes;
    }
}
