// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.api.Column;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A column of a request batch, without NULLs. Its buffers are written when the batch is sent. */
interface RequestColumn {
    /** Buffers of a batch begin at multiples of this. */
    int ALIGNMENT = 8;

    WireType type();

    int rows();

    /** The lengths in bytes of its buffers, without the validity buffer, which is empty. */
    long[] bufferLengths();

    /** Writes these buffers, each padded to a multiple of {@link #ALIGNMENT}. */
    void write(OutputStream out) throws IOException;

    /** Byte strings in any arrays. */
    interface Strings {
        byte[] array(int row);

        int start(int row);

        int length(int row);
    }

    /** The rows of a column. */
    record ColumnStrings(Column column) implements Strings {
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

    /** {@code length} rounded up to a multiple of {@link #ALIGNMENT}. */
    static long padded(long length) {
        return (length + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** Rows {@code from} to {@code from + rows - 1} of {@code values}. */
    record Int64(long[] values, int from, int rows) implements RequestColumn {
        @Override
        public WireType type() {
            return WireType.INT64;
        }

        @Override
        public long[] bufferLengths() {
            return new long[] {(long) rows * Long.BYTES};
        }

        @Override
        public void write(OutputStream out) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(rows * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            buffer.asLongBuffer().put(values, from, rows);
            out.write(buffer.array());
        }
    }

    /**
     * Rows {@code from} to {@code from + rows - 1} of {@code strings}.
     *
     * @param type {@link WireType#BINARY} or {@link WireType#UTF8}
     * @param bytes the total length of these rows
     */
    record Bytes(WireType type, Strings strings, int from, int rows, int bytes) implements RequestColumn {
        private static final byte[] PADDING = new byte[ALIGNMENT];

        @Override
        public long[] bufferLengths() {
            return new long[] {(rows + 1L) * Integer.BYTES, bytes};
        }

        @Override
        public void write(OutputStream out) throws IOException {
            ByteBuffer ends = ByteBuffer.allocate((int) padded((rows + 1L) * Integer.BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN);
            int end = 0;
            ends.putInt(end);
            for (int row = from; row < from + rows; row++) {
                end += strings.length(row);
                ends.putInt(end);
            }
            out.write(ends.array());
            writeStrings(out);
            out.write(PADDING, 0, (int) padded(bytes) - bytes);
        }

        /** Consecutive rows of one array, as those of a page, are written at once. */
        private void writeStrings(OutputStream out) throws IOException {
            int row = from;
            while (row < from + rows) {
                byte[] array = strings.array(row);
                int start = strings.start(row);
                int length = strings.length(row++);
                while (row < from + rows && strings.array(row) == array && strings.start(row) == start + length) {
                    length += strings.length(row++);
                }
                out.write(array, start, length);
            }
        }
    }
}
