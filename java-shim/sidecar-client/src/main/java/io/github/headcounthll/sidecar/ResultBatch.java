// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.state.EncodedArrays;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;

/**
 * A record batch of a result. Everything is checked once, in the constructor: each buffer is within the body and long
 * enough for the rows, and each string is within its buffer.
 */
final class ResultBatch {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final FlightMessage message;
    private final List<ExpectedColumn> results;
    private final int rows;
    /** For each buffer of the batch, in order: its first byte in the message's array, and its length. */
    private final int[] starts;

    private final int[] lengths;
    /** The first buffer of each column. */
    private final int[] first;

    private ResultBatch(FlightMessage message, List<ExpectedColumn> results, RecordBatch batch) throws Malformed {
        this.message = message;
        this.results = results;
        rows = rows(batch);
        first = new int[results.size()];
        int buffers = 0;
        int nodes = 0;
        for (int i = 0; i < first.length; i++) {
            first[i] = buffers;
            buffers += results.get(i).buffers();
            nodes += results.get(i).nodes();
        }
        if (batch.compression() != null || batch.nodesLength() != nodes || batch.buffersLength() != buffers) {
            throw new Malformed("a batch of " + batch.nodesLength() + " nodes and " + batch.buffersLength()
                    + " buffers instead of " + nodes + " and " + buffers + ", or a compressed one");
        }
        starts = new int[buffers];
        lengths = new int[buffers];
        for (int i = 0; i < buffers; i++) {
            locate(i, batch.buffers(i));
        }
        checkColumns(batch);
    }

    /** Reads a batch of these columns. */
    static ResultBatch read(FlightMessage message, List<ExpectedColumn> results) throws Malformed {
        try {
            Message header = Message.getRootAsMessage(message.header());
            if (header.headerType() != MessageHeader.RecordBatch) {
                throw new Malformed("a message of kind " + header.headerType() + " where a batch was to come");
            }
            return new ResultBatch(message, results, (RecordBatch) header.header(new RecordBatch()));
        } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {
            throw new Malformed("a batch that cannot be read: " + e.getMessage());
        }
    }

    private static int rows(RecordBatch batch) throws Malformed {
        if (batch.length() < 0 || batch.length() > Integer.MAX_VALUE / Long.BYTES) {
            throw new Malformed("a batch of " + batch.length() + " rows");
        }
        return (int) batch.length();
    }

    private void locate(int index, Buffer buffer) throws Malformed {
        long offset = buffer.offset();
        long length = buffer.length();
        if (offset < 0 || length < 0 || length > message.bodyLength() || offset > message.bodyLength() - length) {
            throw new Malformed(
                    "a buffer of " + length + " bytes at " + offset + " of a body of " + message.bodyLength());
        }
        starts[index] = message.bodyStart() + (int) offset;
        lengths[index] = (int) length;
    }

    private void checkColumns(RecordBatch batch) throws Malformed {
        int node = 0;
        for (int column = 0; column < first.length; column++) {
            int buffer = first[column];
            ExpectedColumn result = results.get(column);
            checkColumn(result.type(), buffer, batch.nodes(node++));
            if (result.type() == WireType.INT64_LIST) {
                checkElements(buffer, batch.nodes(node++));
                continue;
            }
            for (int i = 0; i < result.width(); i++) {
                int field = buffer + result.type().buffers() + i * WireType.FLOAT64.buffers();
                checkColumn(WireType.FLOAT64, field, batch.nodes(node++));
            }
        }
    }

    private void checkColumn(WireType type, int buffer, FieldNode node) throws Malformed {
        if (node.length() != rows) {
            throw new Malformed("a column of " + node.length() + " rows in a batch of " + rows);
        }
        boolean noValidity = node.nullCount() == 0 && lengths[buffer] == 0;
        if (!noValidity && lengths[buffer] < (rows + Byte.SIZE - 1) / Byte.SIZE) {
            throw new Malformed("a validity of " + lengths[buffer] + " bytes for " + rows + " rows");
        }
        switch (type) {
            case INT64, FLOAT64 -> {
                if (lengths[buffer + 1] < (long) rows * Long.BYTES) {
                    throw new Malformed("values of " + lengths[buffer + 1] + " bytes for " + rows + " rows");
                }
            }
            case BINARY, UTF8 -> checkEnds(buffer + 1, lengths[buffer + 2]);
            case INT64_LIST, STRUCT -> {}
        }
    }

    /** Checks the offsets of a list, and that it has as many elements, none of them NULL. */
    private void checkElements(int buffer, FieldNode elements) throws Malformed {
        if (elements.nullCount() != 0
                || elements.length() < 0
                || lengths[buffer + 3] / Long.BYTES < elements.length()) {
            throw new Malformed("a list of " + elements.length() + " elements, " + elements.nullCount()
                    + " of them NULL, in " + lengths[buffer + 3] + " bytes");
        }
        checkEnds(buffer + 1, elements.length());
    }

    private void checkEnds(int ends, long most) throws Malformed {
        if (rows == 0) {
            return;
        }
        if (lengths[ends] < (rows + 1L) * Integer.BYTES) {
            throw new Malformed("offsets of " + lengths[ends] + " bytes for " + rows + " rows");
        }
        int last = 0;
        for (int row = 0; row <= rows; row++) {
            int end = (int) INTS.get(message.array(), starts[ends] + row * Integer.BYTES);
            if (end < last || end > most) {
                throw new Malformed("offset " + end + " after " + last + " in " + most + " values");
            }
            last = end;
        }
    }

    int rows() {
        return rows;
    }

    int columns() {
        return results.size();
    }

    boolean isNull(int column, int row) {
        int validity = first[column];
        return lengths[validity] > 0 && (message.array()[starts[validity] + (row >>> 3)] >>> (row & 7) & 1) == 0;
    }

    /** A bigint, or the bits of a double. */
    long word(int column, int row) {
        return EncodedArrays.element(message.array(), starts[first[column] + 1] + row * Long.BYTES);
    }

    /** The bits of a double of a struct. */
    long word(int column, int field, int row) {
        int values = first[column] + WireType.STRUCT.buffers() + field * WireType.FLOAT64.buffers() + 1;
        return EncodedArrays.element(message.array(), starts[values] + row * Long.BYTES);
    }

    private int start(int column, int row) {
        return starts[first[column] + 2] + end(column, row);
    }

    private int length(int column, int row) {
        return end(column, row + 1) - end(column, row);
    }

    /** A copy of a string's bytes. */
    byte[] bytes(int column, int row) {
        int start = start(column, row);
        return Arrays.copyOfRange(message.array(), start, start + length(column, row));
    }

    /** The encoded array of a list. */
    byte[] array(int column, int row) {
        int start = starts[first[column] + 3] + end(column, row) * Long.BYTES;
        return Arrays.copyOfRange(message.array(), start, start + length(column, row) * Long.BYTES);
    }

    String text(int column, int row) {
        return new String(message.array(), start(column, row), length(column, row), StandardCharsets.UTF_8);
    }

    private int end(int column, int row) {
        return (int) INTS.get(message.array(), starts[first[column] + 1] + row * Integer.BYTES);
    }
}
