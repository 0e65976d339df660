// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

import io.github.headcounthll.core.api.Column;
import io.github.headcounthll.core.api.GroupedSketches;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Arrays of integers as a backend reads them: 8 bytes an element in little-endian order.
 *
 * <p>A block whose elements are in a long[] is read in place, if the backend can. Arrays of other blocks are copied. Those
 * that follow each other in one block are encoded together, as a window, so that an engine copies many elements at a time.
 * The windows are written one after the other into a byte array. It is written again only when no row of it is
 * queued.
 *
 * @param <B> the engine's block of elements
 */
public final class EncodedArrays<B> {
    /** The bytes that a writer may need besides the elements. */
    public static final int MARGIN = 64;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** The size of a byte array with several windows: large enough for a batch, small enough for a core's cache. */
    private static final int MOST_BYTES = 1 << 18;

    private static final int MOST_ELEMENTS = (MOST_BYTES / 2 - MARGIN) / Long.BYTES;

    /** Encodes elements of a block. */
    public interface Writer<B> {
        /**
         * Encodes {@code count} elements from index {@code from} on. It may write to {@code at} and the {@code 8 * count +
         * MARGIN} bytes from there, and returns where in them the elements start.
         */
        int write(B elements, int from, int count, byte[] into, int at);
    }

    /** The elements of a block: those of an array from an index on. */
    public record InPlace(long[] array, int from) {}

    /** Finds the elements of a block. */
    public interface Finder<B> {
        /** Where the elements are, without a copy; null if they are in no array of long, or some are NULL. */
        InPlace find(B elements);
    }

    private final Finder<B> finder;
    private final Writer<B> writer;
    private byte[] bytes = {};
    private int end;

    /** The block of the last row, or null. */
    private B elements;
    /** The array of the block that is read in place, or null, and the index in it of the block's first element. */
    private long[] inPlace;

    private int offset;

    /** The window: {@code count} elements of this block from {@code first} on, at {@code firstByte}. Null without one. */
    private B windowOf;

    private int first;
    private int count;
    private int firstByte;
    /** The number of elements of the window that were asked for. */
    private long used;

    public EncodedArrays(Finder<B> finder, Writer<B> writer) {
        this.finder = finder;
        this.writer = writer;
    }

    /**
     * Merges the array of {@code length} elements from index {@code from} on into the sum of a group.
     *
     * @param size the number of elements of the block
     */
    public void merge(GroupedSketches sums, int group, B elements, int size, int from, int length) {
        if (elements != this.elements) {
            open(sums, elements);
        }
        if (inPlace != null) {
            sums.mergeElements(group, inPlace, offset + from, length);
            return;
        }
        if (elements != windowOf || from < first || from + length > first + count) {
            write(sums, elements, from, windowFor(length, size - from));
        }
        used += length;
        sums.merge(group, bytes, firstByte + (from - first) * Long.BYTES, length * Long.BYTES);
    }

    private void open(GroupedSketches sums, B elements) {
        release();
        InPlace found = sums.takesElements() ? finder.find(elements) : null;
        if (found != null && found.array().length <= Column.MOST_ELEMENTS) {
            inPlace = found.array();
            offset = found.from();
        }
        this.elements = elements;
    }

    /**
     * The size of a window that starts with an array. Windows grow while more than half of their elements are asked for;
     * else they have one array, so that sparse rows cost no more than their own elements.
     */
    private int windowFor(int length, int available) {
        int wanted = 2 * used > count ? Math.min(2 * count, MOST_ELEMENTS) : 0;
        return Math.max(length, Math.min(wanted, available));
    }

    private void write(GroupedSketches sums, B elements, int from, int count) {
        windowOf = null;
        int most = Math.addExact(Math.multiplyExact(count, Long.BYTES), MARGIN);
        if (most > bytes.length - end) {
            if (most > bytes.length || bytes.length < MOST_BYTES || !sums.pageDone()) {
                bytes = new byte[Math.max(most, Math.min(MOST_BYTES, 2 * bytes.length))];
            }
            end = 0;
        }
        firstByte = writer.write(elements, from, count, bytes, end);
        end += most;
        windowOf = elements;
        first = from;
        this.count = count;
        used = 0;
    }

    /** Releases the block. */
    public void release() {
        elements = null;
        inPlace = null;
        windowOf = null;
    }

    /** The heap bytes, without the block. */
    public long retainedBytes() {
        return Sizes.of(bytes);
    }

    /** Writes the element that starts at a byte of an encoded array. */
    public static void put(byte[] encoded, int at, long element) {
        WORD.set(encoded, at, element);
    }

    /** The element that starts at a byte of an encoded array. */
    public static long element(byte[] encoded, int at) {
        return (long) WORD.get(encoded, at);
    }
}
