// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.state;

import java.util.Arrays;
import org.apache.spark.unsafe.Platform;

/**
 * The form in which a state is sent to another task: half the bytes where nearly all bytes are close to each other, as the
 * registers of a dense sketch are, and the bytes themselves otherwise. Spark's own compression, LZ4, takes long over such
 * bytes and saves little; the packed ones it copies.
 *
 * <pre>
 * 1 byte   TAG
 * 1 byte   base
 * 4 bytes  length of the unpacked bytes
 * 8 bytes  the first 8 bytes
 *          4 bits for each of the following bytes, up to the last multiple of 8: its difference to base
 *          the bytes after that multiple
 *          5 bytes for each byte that is not in base to base + 15: its position and its value
 * </pre>
 */
final class PackedBytes {
    /** The first byte. No sketch begins with it. */
    private static final byte TAG = (byte) 0xFF;

    private static final int HEADER = 6;
    private static final int HEAD = 8;
    /** Fewer bytes are not packed. */
    private static final int LEAST = 512;

    private static final int SAMPLE = 64;
    /** How far the smallest bytes are below the mean: registers are spread to higher values. */
    private static final int BELOW_MEAN = 4;

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long HIGH_NIBBLES = 0xF0F0F0F0F0F0F0F0L;

    private PackedBytes() {}

    /** The packed form, or the bytes themselves if it is not much smaller. */
    static byte[] pack(byte[] bytes) {
        int length = bytes.length;
        if (length < LEAST) {
            return bytes;
        }
        int words = length / HEAD * HEAD;
        byte[] packed = new byte[HEADER + HEAD + (length >> 2) * 3];
        int base = base(bytes);
        packed[0] = TAG;
        packed[1] = (byte) base;
        putInt(packed, 2, length);
        System.arraycopy(bytes, 0, packed, HEADER, HEAD);
        int out = HEADER + HEAD + (words - HEAD) / 2;
        System.arraycopy(bytes, words, packed, out, length - words);
        out += length - words;
        int to = HEADER + HEAD;
        for (int at = HEAD; at < words; at += HEAD, to += HEAD / 2) {
            long word = Platform.getLong(bytes, Platform.BYTE_ARRAY_OFFSET + (long) at);
            long differences = ((word | HIGH_BITS) - base * ONES) ^ HIGH_BITS;
            if ((differences & HIGH_NIBBLES | word & HIGH_BITS) != 0) {
                for (int i = at; i < at + HEAD; i++) {
                    if (bytes[i] >= base && bytes[i] - base < 16) {
                        continue;
                    }
                    if (out + 5 > packed.length) {
                        return bytes;
                    }
                    putInt(packed, out, i);
                    packed[out + 4] = bytes[i];
                    out += 5;
                }
                differences &= ~HIGH_NIBBLES;
            }
            putInt(packed, to, nibbles(differences));
        }
        return Arrays.copyOf(packed, out);
    }

    private static int base(byte[] bytes) {
        int sum = 0;
        for (int i = 0; i < SAMPLE; i++) {
            sum += Math.max(0, bytes[HEAD + i]);
        }
        return Math.max(0, sum / SAMPLE - BELOW_MEAN);
    }

    /** The bytes of a packed form; other bytes are returned as they are. */
    static byte[] unpack(byte[] packed) {
        if (packed.length == 0 || packed[0] != TAG) {
            return packed;
        }
        long base = packed[1] * ONES;
        int length = getInt(packed, 2);
        byte[] bytes = new byte[length];
        System.arraycopy(packed, HEADER, bytes, 0, HEAD);
        int words = length / HEAD * HEAD;
        int from = HEADER + HEAD;
        for (int at = HEAD; at < words; at += HEAD, from += HEAD / 2) {
            Platform.putLong(bytes, Platform.BYTE_ARRAY_OFFSET + (long) at, differences(getInt(packed, from)) + base);
        }
        System.arraycopy(packed, from, bytes, words, length - words);
        for (from += length - words; from < packed.length; from += 5) {
            bytes[getInt(packed, from)] = packed[from + 4];
        }
        return bytes;
    }

    /** The low halves of eight bytes, side by side. */
    private static int nibbles(long bytes) {
        long pairs = (bytes | bytes >>> 4) & 0x00FF00FF00FF00FFL;
        long quads = (pairs | pairs >>> 8) & 0x0000FFFF0000FFFFL;
        return (int) (quads | quads >>> 16);
    }

    /** The inverse of {@link #nibbles}. */
    private static long differences(int nibbles) {
        long all = nibbles & 0xFFFFFFFFL;
        long quads = (all | all << 16) & 0x0000FFFF0000FFFFL;
        long pairs = (quads | quads << 8) & 0x00FF00FF00FF00FFL;
        return (pairs | pairs << 4) & 0x0F0F0F0F0F0F0F0FL;
    }

    private static void putInt(byte[] bytes, int at, int value) {
        Platform.putInt(bytes, Platform.BYTE_ARRAY_OFFSET + (long) at, value);
    }

    private static int getInt(byte[] bytes, int at) {
        return Platform.getInt(bytes, Platform.BYTE_ARRAY_OFFSET + (long) at);
    }
}
