// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import com.google.flatbuffers.FlatBufferBuilder;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.RecordBatch;

/**
 * A message to send.
 *
 * @param prefix its first bytes
 * @param columns whose rows follow, and are read when it is sent
 * @param length the bytes of the message
 * @param header the message of Arrow in it
 * @param bodyLength the bytes of the columns
 */
record OutgoingMessage(byte[] prefix, List<RequestColumn> columns, int length, byte[] header, int bodyLength) {
    /** Shorter writes are buffered. */
    private static final int SMALL = 2048;

    /** The message that opens an exchange: the name of the function, and the schema of its arguments. */
    static OutgoingMessage open(String function, byte[] schema) {
        byte[] prefix = FlightMessage.prefix(function, schema, 0);
        return new OutgoingMessage(prefix, List.of(), prefix.length, schema, 0);
    }

    /** A record batch; the columns are read when it is sent. */
    static OutgoingMessage batch(int rows, List<RequestColumn> columns) {
        long bodyLength =
                Arrays.stream(lengths(columns)).map(RequestColumn::padded).sum();
        byte[] header = header(rows, columns, bodyLength);
        byte[] prefix = FlightMessage.prefix(null, header, bodyLength);
        return new OutgoingMessage(
                prefix, columns, Math.toIntExact(prefix.length + bodyLength), header, Math.toIntExact(bodyLength));
    }

    /**
     * A record batch of groups and byte strings that the server has kept.
     *
     * @param token of the memory if the call does not name it; null if it does
     * @param parts the offset and length of each part of the shared memory in which the strings are, one after the other
     */
    static OutgoingMessage kept(
            RequestColumn.Words groups, RequestColumn.KeptBytes strings, byte[] token, long[] parts) {
        List<RequestColumn> columns = List.of(groups, strings);
        long[] lengths = lengths(columns);
        long sent = Arrays.stream(lengths, 0, lengths.length - 1)
                .map(RequestColumn::padded)
                .sum();
        byte[] header = header(groups.rows(), columns, sent + lengths[lengths.length - 1]);
        byte[] prefix = FlightMessage.kept(header, token, parts, sent);
        return new OutgoingMessage(
                prefix, columns, Math.toIntExact(prefix.length + sent), header, Math.toIntExact(sent));
    }

    private static long[] lengths(List<RequestColumn> columns) {
        return columns.stream()
                .flatMapToLong(column -> Arrays.stream(column.bufferLengths()))
                .toArray();
    }

    private static byte[] header(int rows, List<RequestColumn> columns, long bodyLength) {
        FlatBufferBuilder out = new FlatBufferBuilder(256);
        int buffersAt = buffers(out, lengths(columns));
        int nodesAt = nodes(out, columns);
        int batchAt = RecordBatch.createRecordBatch(out, rows, nodesAt, buffersAt, 0, 0);
        out.finish(Message.createMessage(out, MetadataVersion.V5, MessageHeader.RecordBatch, batchAt, bodyLength, 0));
        return out.sizedByteArray();
    }

    /** The message of the same batch whose body is in shared memory: that of the call, or if not null, of a token. */
    OutgoingMessage at(byte[] token, int offset) {
        byte[] placed = FlightMessage.placed(header, token, offset, bodyLength);
        return new OutgoingMessage(placed, List.of(), placed.length, header, 0);
    }

    /** Writes the body. */
    void writeBody(OutputStream target) throws IOException {
        OutputStream out = new BufferedOutputStream(target, SMALL);
        for (RequestColumn column : columns) {
            column.write(out);
        }
        out.flush();
    }

    /** The nodes, one for each column and one for the elements of each list. Flatbuffers writes vectors from the end. */
    private static int nodes(FlatBufferBuilder out, List<RequestColumn> columns) {
        int[] lengths = columns.stream()
                .flatMapToInt(column -> Arrays.stream(column.nodes()))
                .toArray();
        RecordBatch.startNodesVector(out, lengths.length);
        for (int i = lengths.length - 1; i >= 0; i--) {
            FieldNode.createFieldNode(out, lengths[i], 0);
        }
        return out.endVector();
    }

    private static int buffers(FlatBufferBuilder out, long[] lengths) {
        RecordBatch.startBuffersVector(out, lengths.length);
        long end = Arrays.stream(lengths).map(RequestColumn::padded).sum();
        for (int i = lengths.length - 1; i >= 0; i--) {
            end -= RequestColumn.padded(lengths[i]);
            Buffer.createBuffer(out, end, lengths[i]);
        }
        return out.endVector();
    }

    /** The message for gRPC, which asks for the length and lets it be written to its own buffers. */
    InputStream stream() {
        return new Stream();
    }

    private final class Stream extends InputStream implements KnownLength, Drainable {
        private int left = length;

        @Override
        public int drainTo(OutputStream target) throws IOException {
            int drained = left;
            left = 0;
            OutputStream out = new BufferedOutputStream(target, SMALL);
            out.write(prefix);
            for (RequestColumn column : columns) {
                column.write(out);
            }
            out.flush();
            return drained;
        }

        @Override
        public int available() {
            return left;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("a request is drained, not read");
        }
    }
}
