// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A received message of Flight's DoExchange: {@code message FlightData} of Flight.proto. A result uses
 * {@code data_header} (2) and {@code data_body} (1000). Both are views of the one array that was received.
 */
final class FlightMessage {
    private static final int HEADER_FIELD = 2;
    private static final int METADATA_FIELD = 3;
    /** The kinds of a place: parts that the server has kept, and with the token of the shared memory a body or such parts. */
    private static final long KEPT_PARTS = 1;

    private static final long NAMED_PLACE = 2;
    private static final long NAMED_PARTS = 3;

    private static final int BODY_FIELD = 1000;
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final byte[] bytes;
    /** Field 1, which the messages of Flight use for different things. */
    private int firstStart;

    private int firstLength;
    private int headerStart;
    private int headerLength;
    private int metadataStart;
    private int metadataLength;
    private int bodyStart;
    private int bodyLength;

    private FlightMessage(byte[] bytes) {
        this.bytes = bytes;
    }

    static FlightMessage of(byte[] bytes) throws Malformed {
        FlightMessage message = new FlightMessage(bytes);
        message.parse(new ByteArrayInputStream(bytes));
        return message;
    }

    private void parse(ByteArrayInputStream in) throws Malformed {
        while (in.available() > 0) {
            long tag = varint(in);
            switch ((int) (tag & 7)) {
                case VARINT -> varint(in);
                case FIXED64 -> skip(in, Long.BYTES);
                case FIXED32 -> skip(in, Integer.BYTES);
                case BYTES -> field(in, tag >>> 3, varint(in));
                default -> throw new Malformed("a message of Flight with wire type " + (tag & 7));
            }
        }
    }

    private void field(ByteArrayInputStream in, long number, long length) throws Malformed {
        int start = bytes.length - in.available();
        skip(in, length);
        if (number == 1) {
            firstStart = start;
            firstLength = (int) length;
        } else if (number == HEADER_FIELD) {
            headerStart = start;
            headerLength = (int) length;
        } else if (number == METADATA_FIELD) {
            metadataStart = start;
            metadataLength = (int) length;
        } else if (number == BODY_FIELD) {
            bodyStart = start;
            bodyLength = (int) length;
        }
    }

    private static void skip(ByteArrayInputStream in, long length) throws Malformed {
        if (length < 0 || length > in.available()) {
            throw new Malformed(
                    "a field of " + length + " bytes in a message of Flight that has " + in.available() + " left");
        }
        in.skip(length);
    }

    private static long varint(ByteArrayInputStream in) throws Malformed {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = in.read();
            if (next < 0) {
                throw new Malformed("a message of Flight that is cut short");
            }
            value |= (next & 0x7FL) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new Malformed("a number of more than 64 bits in a message of Flight");
    }

    /** Whether it has no header: then it is not of Arrow. */
    boolean isBare() {
        return headerLength == 0;
    }

    /** The {@code app_metadata}. */
    ByteBuffer metadata() {
        return ByteBuffer.wrap(bytes, metadataStart, metadataLength).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The header: a {@code Message} of Arrow IPC. */
    ByteBuffer header() {
        return ByteBuffer.wrap(bytes, headerStart, headerLength).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The array in which the body lies, from {@link #bodyStart}. */
    byte[] array() {
        return bytes;
    }

    int bodyStart() {
        return bodyStart;
    }

    int bodyLength() {
        return bodyLength;
    }

    /** Writes the fields of a message up to where the body's bytes follow. */
    static byte[] prefix(String function, byte[] header, long bodyLength) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(header.length + 64);
        if (function != null) {
            // FlightDescriptor: type (1) PATH, path (3).
            ByteArrayOutputStream descriptor = new ByteArrayOutputStream();
            writeVarint(descriptor, 1 << 3 | VARINT);
            writeVarint(descriptor, 1);
            writeBytes(descriptor, 3, function.getBytes(StandardCharsets.US_ASCII));
            writeBytes(out, 1, descriptor.toByteArray());
        }
        writeBytes(out, HEADER_FIELD, header);
        writeBody(out, bodyLength);
        return out.toByteArray();
    }

    /**
     * A message whose body is in shared memory, whose offset and length are its {@code app_metadata} (3).
     *
     * @param token of the memory if the call does not name it; null if it does
     */
    static byte[] placed(byte[] header, byte[] token, long offset, long length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(header.length + 128);
        writeBytes(out, HEADER_FIELD, header);
        writePlaces(out, NAMED_PLACE, token, offset, length);
        return out.toByteArray();
    }

    /**
     * The fields, up to where the body's bytes follow, of a message whose body ends with parts that the server has kept.
     *
     * @param token of the memory if the call does not name it; null if it does
     * @param parts the offset and length of each
     * @param sent the bytes of the body that follow
     */
    static byte[] kept(byte[] header, byte[] token, long[] parts, long sent) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(header.length + 128 + parts.length * Long.BYTES);
        writeBytes(out, HEADER_FIELD, header);
        writePlaces(out, token == null ? KEPT_PARTS : NAMED_PARTS, token, parts);
        writeBody(out, sent);
        return out.toByteArray();
    }

    /** A place of the call's memory alone has no kind. */
    private static void writePlaces(ByteArrayOutputStream out, long kind, byte[] token, long... places) {
        byte[] named = token == null ? new byte[0] : token;
        int first = kind == NAMED_PLACE && token == null ? 0 : Long.BYTES;
        ByteBuffer all = ByteBuffer.allocate(first + named.length + places.length * Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        if (first > 0) {
            all.putLong(kind);
        }
        all.put(named).asLongBuffer().put(places);
        writeBytes(out, METADATA_FIELD, all.array());
    }

    private static void writeBody(ByteArrayOutputStream out, long length) {
        if (length > 0) {
            writeVarint(out, BODY_FIELD << 3 | BYTES);
            writeVarint(out, length);
        }
    }

    /** Flight's {@code message Action} of a type (1) with a body (2). */
    static byte[] action(String type, String body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writeBytes(out, 1, type.getBytes(StandardCharsets.US_ASCII));
        writeBytes(out, 2, body.getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    /** The body (1) of Flight's {@code message Result}, whose other fields are skipped. */
    static byte[] result(byte[] message) throws Malformed {
        FlightMessage result = new FlightMessage(message);
        result.parse(new ByteArrayInputStream(message));
        return Arrays.copyOfRange(message, result.firstStart, result.firstStart + result.firstLength);
    }

    private static void writeBytes(ByteArrayOutputStream out, int field, byte[] value) {
        writeVarint(out, (long) field << 3 | BYTES);
        writeVarint(out, value.length);
        out.writeBytes(value);
    }

    private static void writeVarint(ByteArrayOutputStream out, long value) {
        for (; (value & ~0x7FL) != 0; value >>>= 7) {
            out.write((int) (value & 0x7F) | 0x80);
        }
        out.write((int) value);
    }
}
