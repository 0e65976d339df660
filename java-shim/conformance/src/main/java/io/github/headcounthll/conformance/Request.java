// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.conformance;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The fields of a request, taken one by one. */
final class Request {
    private final String[] fields;
    private int next;

    /** The line is no request of the protocol. */
    static final class Unreadable extends Exception {
        Unreadable(String message) {
            super(message);
        }
    }

    Request(String line) {
        fields = line.split(" ", -1);
    }

    /** A number of 64 bits. */
    long number() throws Unreadable {
        String field = next();
        try {
            return Long.parseLong(field);
        } catch (NumberFormatException e) {
            throw new Unreadable(field + " is not a number of 64 bits");
        }
    }

    /** The bytes of a double, the most significant first. */
    double bits() throws Unreadable {
        byte[] bits = bytes();
        if (bits.length != Double.BYTES) {
            throw new Unreadable(bits.length + " bytes are not a double");
        }
        return ByteBuffer.wrap(bits).getDouble();
    }

    /** Bytes in hex, {@code -} for none. */
    byte[] bytes() throws Unreadable {
        return bytes(next());
    }

    /** The remaining fields; {@code null} stands for NULL if {@code nulls}. */
    List<byte[]> allBytes(boolean nulls) throws Unreadable {
        List<byte[]> all = new ArrayList<>();
        while (next < fields.length) {
            String field = next();
            all.add(nulls && field.equals("null") ? null : bytes(field));
        }
        return all;
    }

    /** There must be no more fields. */
    void end() throws Unreadable {
        if (next < fields.length) {
            throw new Unreadable((fields.length - next) + " fields too many");
        }
    }

    /** The next field. */
    String next() throws Unreadable {
        if (next == fields.length) {
            throw new Unreadable("a field is missing");
        }
        return fields[next++];
    }

    private static byte[] bytes(String field) throws Unreadable {
        if (field.equals("-")) {
            return new byte[0];
        }
        try {
            if (!field.isEmpty()) {
                return HexFormat.of().parseHex(field);
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new Unreadable("a field is not bytes in hex");
    }
}
