// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.Functions;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Sketches for tests; bytes are compared by what they say, in the one order that the library writes. */
final class Sketches {
    private Sketches() {}

    static byte[] id(long n) {
        return ("id-" + n).getBytes(StandardCharsets.UTF_8);
    }

    /** A dense sketch of random registers. */
    static byte[] dense(int precision, SplittableRandom random) {
        byte[] sketch = new byte[2 + (1 << precision)];
        sketch[0] = 2;
        sketch[1] = (byte) precision;
        for (int i = 2; i < sketch.length; i++) {
            sketch[i] = (byte) random.nextInt(40);
        }
        return sketch;
    }

    /** The sketch of ids {@code from} to {@code from + count - 1}, by unions of sketches of one id. */
    static byte[] ofIds(Functions functions, int precision, long from, int count) {
        byte[] sketch = functions.empty(precision);
        for (long n = from; n < from + count; n++) {
            byte[] id = id(n);
            sketch = union(functions, sketch, functions.create(id, 0, id.length, precision));
        }
        return sketch;
    }

    static byte[] union(Functions functions, byte[] a, byte[] b) {
        return functions.union(a, 0, a.length, b, 0, b.length);
    }

    /** The union of dense sketches of one precision, by hand. */
    static byte[] largest(byte[]... sketches) {
        byte[] largest = sketches[0].clone();
        for (byte[] sketch : sketches) {
            for (int i = 2; i < largest.length; i++) {
                largest[i] = (byte) Math.max(largest[i], sketch[i]);
            }
        }
        return largest;
    }

    /** Rows one after the other in one array, with a byte of no meaning between them. */
    static final class Block {
        final byte[] array;
        final int[] starts;
        final int[] lengths;

        Block(byte[]... rows) {
            starts = new int[rows.length];
            lengths = new int[rows.length];
            int size = 1;
            for (int i = 0; i < rows.length; i++) {
                starts[i] = size;
                lengths[i] = rows[i].length;
                size += rows[i].length + 1;
            }
            array = new byte[size];
            Arrays.fill(array, (byte) 0xee);
            for (int i = 0; i < rows.length; i++) {
                System.arraycopy(rows[i], 0, array, starts[i], lengths[i]);
            }
        }

        Column column() {
            return new Column(array, starts, lengths, starts.length);
        }
    }
}
