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

    /** The number of its rows, and for a list the number of elements of all rows. */
    int[] nodes();

    /** The lengths in bytes of its buffers. Those of validity are empty. */
    long[] bufferLengths();

    /** Writes the buffers, each padded to a multiple of {@link #ALIGNMENT}. */
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

    /**
     * Rows {@code from} to {@code from + rows - 1} of {@code values}.
     *
     * @param values integers, or the bits of doubles
     */
    record Words(long[] values, int from, int rows) implements RequestColumn {
        @Override
        public int[] nodes() {
            return new int[] {rows};
        }

        @Override
        public long[] bufferLengths() {
            return new long[] {0, (long) rows * Long.BYTES};
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
     * @param bytes the total length of these rows
     */
    record Bytes(Strings strings, int from, int rows, int bytes) implements RequestColumn {
        private static final byte[] PADDING = new byte[ALIGNMENT];

        @Override
        public int[] nodes() {
            return new int[] {rows};
        }

        @Override
        public long[] bufferLengths() {
            return new long[] {0, (rows + 1L) * Integer.BYTES, bytes};
        }

        @Override
        public void write(OutputStream out) throws IOException {
            writeEnds(out, 1);
            writeStrings(out);
            out.write(PADDING, 0, (int) padded(bytes) - bytes);
        }

        /** The bytes before the strings. */
        int endsLength() {
            return (int) padded((rows + 1L) * Integer.BYTES);
        }

        /** The ends of rows, in units of a number of bytes. */
        private void writeEnds(OutputStream out, int unit) throws IOException {
            ByteBuffer ends = ByteBuffer.allocate(endsLength()).order(ByteOrder.LITTLE_ENDIAN);
            int end = 0;
            ends.putInt(end);
            for (int row = from; row < from + rows; row++) {
                end += strings.length(row) / unit;
                ends.putInt(end);
            }
            out.write(ends.array());
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

    /** Byte strings that the server has kept: only the ends of the rows are written. */
    record KeptBytes(Bytes strings) implements RequestColumn {
        @Override
        public int[] nodes() {
            return strings.nodes();
        }

        @Override
        public long[] bufferLengths() {
            return strings.bufferLengths();
        }

        @Override
        public void write(OutputStream out) throws IOException {
            strings.writeEnds(out, 1);
        }
    }

    /** Encoded arrays: byte strings of 8 bytes an element. */
    record Int64Lists(Bytes arrays) implements RequestColumn {
        @Override
        public int[] nodes() {
            return new int[] {arrays.rows, arrays.bytes / Long.BYTES};
        }

        /** The third is the validity of the elements. */
        @Override
        public long[] bufferLengths() {
            return new long[] {0, (arrays.rows + 1L) * Integer.BYTES, 0, arrays.bytes};
        }

        @Override
        public void write(OutputStream out) throws IOException {
            arrays.writeEnds(out, Long.BYTES);
            arrays.writeStrings(out);
        }
    }
}
