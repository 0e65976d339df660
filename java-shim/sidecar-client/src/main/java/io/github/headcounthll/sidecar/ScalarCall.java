// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.api.Arguments;
import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.ErrorCode;
import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.core.api.RowResults;
import io.github.headcounthll.core.api.Scalar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** A call of a scalar function over columns. */
final class ScalarCall {
    private static final int ERROR_CODE = 1;
    private static final int ERROR_MESSAGE = 2;
    /** The size of one exchange; longer columns take several. */
    private static final int MOST_EXCHANGE_BYTES = 8 * Part.MOST_BYTES;

    private final Exchange exchange;
    private final Scalar function;
    private final ExpectedColumn result;
    private final Arguments arguments;
    private final int rows;
    /** The arguments in order. */
    private final List<Argument> sent = new ArrayList<>();
    /** The arguments that are byte strings. */
    private final List<Column> strings = new ArrayList<>();

    private long[] words;
    private byte[][] parts;
    private HeadcountException[] errors;

    /** The type of an argument, and its rows that are in a batch. */
    private record Argument(WireType type, Function<Part, RequestColumn> rows) {}

    /** @param function has a name in SQL and a result */
    ScalarCall(Exchange exchange, Scalar function, Arguments arguments) {
        this.exchange = exchange;
        this.function = function;
        this.result = result(function);
        this.arguments = arguments;
        rows = arguments.rows();
        for (Column column : new Column[] {arguments.a(), arguments.b()}) {
            if (column != null) {
                strings.add(checked(column));
                sent.add(argument(column));
            }
        }
        for (int i = 0; i < function.valuesPerRow(); i++) {
            int value = i;
            sent.add(new Argument(
                    WireType.INT64, part -> new RequestColumn.Words(valuesOf(value, part), 0, part.rows())));
        }
        if (function.takesPercents()) {
            long[] bits = Arrays.stream(arguments.percents())
                    .mapToLong(Double::doubleToRawLongBits)
                    .toArray();
            sent.add(new Argument(WireType.FLOAT64, part -> new RequestColumn.Words(bits, part.from(), part.rows())));
        }
        if (function.takesNumber()) {
            sent.add(new Argument(WireType.INT64, part -> new RequestColumn.Words(numberOf(part), 0, part.rows())));
        }
    }

    private Argument argument(Column column) {
        WireType type = columnType(function);
        return new Argument(type, part -> {
            int bytes = 0;
            for (int row = part.from(); row < part.end(); row++) {
                bytes = Math.addExact(bytes, column.lengths()[row]);
            }
            RequestColumn.Bytes rows =
                    new RequestColumn.Bytes(new RequestColumn.ColumnStrings(column), part.from(), part.rows(), bytes);
            return type == WireType.INT64_LIST ? new RequestColumn.Int64Lists(rows) : rows;
        });
    }

    /** One of the integers of each row. */
    private long[] valuesOf(int value, Part part) {
        long[] values = new long[part.rows()];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments.values()[(part.from() + i) * function.valuesPerRow() + value];
        }
        return values;
    }

    /** The number, in each row. */
    private long[] numberOf(Part part) {
        long[] values = new long[part.rows()];
        Arrays.fill(values, arguments.number());
        return values;
    }

    private static WireType columnType(Scalar function) {
        if (function.takesText()) {
            return WireType.UTF8;
        }
        return function.isOverArrays() ? WireType.INT64_LIST : WireType.BINARY;
    }

    private static ExpectedColumn result(Scalar function) {
        return switch (function.result()) {
            case NOTHING -> throw new IllegalArgumentException(function + " has no result");
            case INT64 -> ExpectedColumn.INT64;
            case FLOAT64 ->
                function.width() == 1 ? ExpectedColumn.FLOAT64 : new ExpectedColumn(WireType.STRUCT, function.width());
            case SKETCH -> function.isOverArrays() ? ExpectedColumn.INT64_LIST : ExpectedColumn.BINARY;
        };
    }

    private Column checked(Column column) {
        if (column.rows() != rows) {
            throw CallErrors.argument(
                    function.sqlName() + " of columns of " + rows + " and " + column.rows() + " rows");
        }
        for (int row = 0; row < rows; row++) {
            column.check(row);
        }
        return column;
    }

    /** The values of all rows, row-major; throws the error of the first invalid row. */
    long[] words() {
        run(false);
        return words;
    }

    /** The sketches of all rows; throws the error of the first invalid row. */
    Column sketches() {
        run(false);
        return column();
    }

    /** A result or an error for each row. */
    RowResults answers() {
        run(true);
        return new RowResults(words, words == null ? column() : null, errors);
    }

    private void run(boolean errorsByRow) {
        if (result.type() == WireType.BINARY || result.type() == WireType.INT64_LIST) {
            parts = new byte[rows][];
        } else {
            words = new long[Math.multiplyExact(rows, function.width())];
        }
        byte[] schema = Schemas.request(sent.stream().map(Argument::type).toList(), errorsByRow);
        List<ExpectedColumn> results =
                errorsByRow ? List.of(result, ExpectedColumn.UTF8, ExpectedColumn.UTF8) : List.of(result);
        int most = exchange.mostBytes();
        int batches = MOST_EXCHANGE_BYTES / most;
        List<Part> all = Part.of(rows, this::length, most);
        for (int i = 0; i < all.size(); i += batches) {
            List<Part> some = all.subList(i, Math.min(i + batches, all.size()));
            int from = some.get(0).from();
            List<OutgoingMessage> messages = some.stream().map(this::batch).toList();
            take(from, some.get(some.size() - 1).end(), call(from, schema, messages, results, errorsByRow));
        }
    }

    private OutgoingMessage batch(Part part) {
        return OutgoingMessage.batch(
                part.rows(),
                sent.stream().map(argument -> argument.rows().apply(part)).toList());
    }

    /** The total length of the byte strings of a row. */
    private int length(int row) {
        long length = 0;
        for (Column column : strings) {
            length += column.lengths()[row];
        }
        return (int) Math.min(length, Integer.MAX_VALUE);
    }

    private List<ResultBatch> call(
            int from, byte[] schema, List<OutgoingMessage> batches, List<ExpectedColumn> results, boolean errorsByRow) {
        try {
            List<ResultBatch> answer = exchange.call(function.sqlName(), schema, batches, results, errorsByRow);
            if (answer.size() != batches.size()) {
                throw exchange.malformed(function.sqlName(), answer.size() + " batches to " + batches.size());
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
                throw exchange.malformed(function.sqlName(), "more rows than the " + (to - from) + " that were sent");
            }
            for (int i = 0; i < batch.rows(); i++) {
                take(batch, i, row++);
            }
        }
        if (row != to) {
            throw exchange.malformed(function.sqlName(), (row - from) + " rows to " + (to - from));
        }
    }

    private void take(ResultBatch batch, int from, int row) {
        if (batch.columns() > 1 && !batch.isNull(ERROR_CODE, from)) {
            if (errors == null) {
                errors = new HeadcountException[rows];
            }
            errors[row] = new HeadcountException(
                    ErrorCode.of(batch.text(ERROR_CODE, from)), row, batch.text(ERROR_MESSAGE, from));
        } else if (batch.isNull(0, from) && function.isOverArrays() && words != null) {
            words[row] = Double.doubleToRawLongBits(Double.NaN);
        } else if (batch.isNull(0, from)) {
            throw exchange.malformed(function.sqlName(), "NULL to row " + row + ", which is none");
        } else if (parts != null) {
            parts[row] = result.type() == WireType.INT64_LIST ? batch.array(0, from) : batch.bytes(0, from);
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
}
