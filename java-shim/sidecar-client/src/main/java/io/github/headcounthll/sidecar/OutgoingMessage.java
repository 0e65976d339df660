// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import com.google.flatbuffers.FlatBufferBuilder;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.RecordBatch;

/** A message to send: its first bytes, and columns whose rows are read when it is sent. */
final class OutgoingMessage {
    /** Shorter writes are buffered. */
    private static final int SMALL = 2048;

    private final byte[] prefix;
    private final List<RequestColumn> columns;
    private final int length;

    private OutgoingMessage(byte[] prefix, List<RequestColumn> columns, long bodyLength) {
        this.prefix = prefix;
        this.columns = columns;
        this.length = Math.toIntExact(prefix.length + bodyLength);
    }

    /** The message that opens an exchange: the name of the function, and the schema of its arguments. */
    static OutgoingMessage open(String function, byte[] schema) {
        return new OutgoingMessage(FlightMessage.prefix(function, schema, 0), List.of(), 0);
    }

    /** A record batch; the columns are read when it is sent. */
    static OutgoingMessage batch(int rows, List<RequestColumn> columns) {
        FlatBufferBuilder out = new FlatBufferBuilder(256);
        long bodyLength = 0;
        int buffers = 0;
        for (RequestColumn column : columns) {
            buffers += 1 + column.bufferLengths().length;
            for (long length : column.bufferLengths()) {
                bodyLength += RequestColumn.padded(length);
            }
        }
        int buffersAt = buffers(out, columns, buffers, bodyLength);
        int nodesAt = nodes(out, columns);
        int batchAt = RecordBatch.createRecordBatch(out, rows, nodesAt, buffersAt, 0, 0);
        out.finish(Message.createMessage(out, MetadataVersion.V5, MessageHeader.RecordBatch, batchAt, bodyLength, 0));
        return new OutgoingMessage(FlightMessage.prefix(null, out.sizedByteArray(), bodyLength), columns, bodyLength);
    }

    /** The nodes, one for each column and one for the elements of each list. */
    private static int nodes(FlatBufferBuilder out, List<RequestColumn> columns) {
        int count = 0;
        for (RequestColumn column : columns) {
            count += column.nodes().length;
        }
        RecordBatch.startNodesVector(out, count);
        for (int i = columns.size() - 1; i >= 0; i--) {
            int[] lengths = columns.get(i).nodes();
            for (int j = lengths.length - 1; j >= 0; j--) {
                FieldNode.createFieldNode(out, lengths[j], 0);
            }
        }
        return out.endVector();
    }

    /** Flatbuffers writes vectors from the end. */
    private static int buffers(FlatBufferBuilder out, List<RequestColumn> columns, int count, long bodyLength) {
        RecordBatch.startBuffersVector(out, count);
        long end = bodyLength;
        for (int i = columns.size() - 1; i >= 0; i--) {
            long[] lengths = columns.get(i).bufferLengths();
            for (int j = lengths.length - 1; j >= 0; j--) {
                end -= RequestColumn.padded(lengths[j]);
                Buffer.createBuffer(out, end, lengths[j]);
            }
            Buffer.createBuffer(out, end, 0); // validity: no NULLs
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
