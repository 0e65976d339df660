// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.core.api.RowResults;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** A call of a scalar function: its arguments, put together one after the other, and then its answer. */
final class ScalarCall {
    private static final int ERROR_CODE = 1;
    private static final int ERROR_MESSAGE = 2;
    /** GroupRows of one exchange, in batches; longer columns take several. */
    private static final int MOST_BATCHES = 8;

    private final Exchange exchange;
    private final String function;
    private final ExpectedColumn result;
    private final List<WireType> types = new ArrayList<>();
    private final List<Column> strings = new ArrayList<>();
    private long[] integers;
    private Long number;
    private int rows = -1;

    private long[] words;
    private byte[][] parts;
    private HeadcountException[] errors;

    ScalarCall(Exchange exchange, String function, ExpectedColumn result) {
        this.exchange = exchange;
        this.function = function;
        this.result = result;
    }

    /** Of how many rows, where no column says so. */
    ScalarCall rows(int rows) {
        this.rows = rows;
        return this;
    }

    ScalarCall bytes(Column column) {
        return strings(WireType.BINARY, column);
    }

    ScalarCall text(Column column) {
        return strings(WireType.UTF8, column);
    }

    private ScalarCall strings(WireType type, Column column) {
        if (rows >= 0 && column.rows() != rows) {
            throw exchange.argument(function + " of columns of " + rows + " and " + column.rows() + " rows");
        }
        for (int row = 0; row < column.rows(); row++) {
            if (!liesWithin(column, row)) {
                throw exchange.argument("row " + row + " of an argument of " + function + " lies outside its array");
            }
        }
        types.add(type);
        strings.add(column);
        rows = column.rows();
        return this;
    }

    /** The only column. */
    ScalarCall integers(long[] values, int rows) {
        types.add(WireType.INT64);
        integers = values;
        this.rows = rows;
        return this;
    }

    private static boolean liesWithin(Column column, int row) {
        int start = column.starts()[row];
        int length = column.lengths()[row];
        return start >= 0 && length >= 0 && start <= column.data().length - length;
    }

    /** The same number for all rows; the last argument. */
    ScalarCall number(long value) {
        types.add(WireType.INT64);
        number = value;
        return this;
    }

    /** The values of all rows, those of a row side by side; the error of the first invalid row is thrown. */
    long[] words() {
        run(false);
        return words;
    }

    /** The sketches of all rows; the error of the first invalid row is thrown. */
    Column sketches() {
        run(false);
        return column();
    }

    /** An answer or an error for each row. */
    RowResults answers() {
        run(true);
        return new RowResults(words, words == null ? column() : null, errors);
    }

    private void run(boolean errorsByRow) {
        if (result.type() == WireType.BINARY) {
            parts = new byte[rows][];
        } else {
            words = new long[Math.multiplyExact(rows, width())];
        }
        byte[] schema = Schemas.request(types, errorsByRow);
        List<ExpectedColumn> results =
                errorsByRow ? List.of(result, ExpectedColumn.UTF8, ExpectedColumn.UTF8) : List.of(result);
        RequestColumn.Strings longest = lengths();
        Part part = Part.first(rows, longest);
        while (part != null) {
            int from = part.from();
            List<OutgoingMessage> batches = new ArrayList<>();
            for (; part != null && batches.size() < MOST_BATCHES; part = part.next(rows, longest)) {
                batches.add(OutgoingMessage.batch(part.rows(), columns(part)));
            }
            take(from, part == null ? rows : part.from(), call(from, schema, batches, results));
        }
    }

    private int width() {
        return Math.max(1, result.width());
    }

    /** Of each row the bytes of all its arguments. */
    private RequestColumn.Strings lengths() {
        return new Strings(null) {
            @Override
            public int length(int row) {
                long length = 0;
                for (Column column : strings) {
                    length += column.lengths()[row];
                }
                return (int) Math.min(length, Integer.MAX_VALUE);
            }
        };
    }

    private List<RequestColumn> columns(Part part) {
        List<RequestColumn> columns = new ArrayList<>(types.size());
        for (int i = 0; i < strings.size(); i++) {
            Column column = strings.get(i);
            int bytes = 0;
            for (int row = part.from(); row < part.from() + part.rows(); row++) {
                bytes = Math.addExact(bytes, column.lengths()[row]);
            }
            columns.add(new RequestColumn.Bytes(types.get(i), new Strings(column), part.from(), part.rows(), bytes));
        }
        if (integers != null) {
            columns.add(new RequestColumn.Int64(integers, part.from(), part.rows()));
        }
        if (number != null) {
            long[] values = new long[part.rows()];
            Arrays.fill(values, number);
            columns.add(new RequestColumn.Int64(values, 0, part.rows()));
        }
        return columns;
    }

    private List<ResultBatch> call(
            int from, byte[] schema, List<OutgoingMessage> batches, List<ExpectedColumn> results) {
        try {
            List<ResultBatch> answer = exchange.call(function, schema, batches, results);
            if (answer.size() != batches.size()) {
                throw exchange.malformed(function, answer.size() + " batches to " + batches.size());
            }
            return answer;
        } catch (HeadcountException e) {
            if (e.row() < 0 || from == 0) {
                throw e;
            }
            throw new HeadcountException(e.code(), from + e.row(), e.getMessage());
        }
    }

    private void take(int from, int to, List<ResultBatch> answer) {
        int row = from;
        for (ResultBatch batch : answer) {
            if (batch.rows() > to - row) {
                throw exchange.malformed(function, "more rows than the " + (to - from) + " that were sent");
            }
            for (int i = 0; i < batch.rows(); i++) {
                take(batch, i, row++);
            }
        }
        if (row != to) {
            throw exchange.malformed(function, (row - from) + " rows to " + (to - from));
        }
    }

    private void take(ResultBatch batch, int from, int row) {
        if (batch.columns() > 1 && !batch.isNull(ERROR_CODE, from)) {
            if (errors == null) {
                errors = new HeadcountException[rows];
            }
            errors[row] = new HeadcountException(
                    CallErrors.code(batch.text(ERROR_CODE, from)), row, batch.text(ERROR_MESSAGE, from));
        } else if (batch.isNull(0, from)) {
            throw exchange.malformed(function, "NULL to row " + row + ", which is none");
        } else if (parts != null) {
            parts[row] = batch.bytes(0, from);
        } else if (result.width() == 0) {
            words[row] = batch.word(0, from);
        } else {
            for (int field = 0; field < result.width(); field++) {
                words[row * result.width() + field] = batch.word(0, field, from);
            }
        }
    }

    private Column column() {
        int[] starts = new int[rows];
        int[] lengths = new int[rows];
        int length = 0;
        for (int row = 0; row < rows; row++) {
            starts[row] = length;
            lengths[row] = parts[row] == null ? 0 : parts[row].length;
            length = Math.addExact(length, lengths[row]);
        }
        byte[] data = new byte[length];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(Objects.requireNonNullElse(parts[row], data), 0, data, starts[row], lengths[row]);
        }
        return new Column(data, starts, lengths, rows);
    }

    /** A column's rows as a request takes them. */
    private static class Strings implements RequestColumn.Strings {
        private final Column column;

        Strings(Column column) {
            this.column = column;
        }

        @Override
        public byte[] array(int row) {
            return column.data();
        }

        @Override
        public int start(int row) {
            return column.starts()[row];
        }

        @Override
        public int length(int row) {
            return column.lengths()[row];
        }
    }
}
