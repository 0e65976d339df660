// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

/** Recognizes the rows of an aggregation among those that its thread has sent, which come in the same order. */
final class SentCursor {
    /** After as many rows that were not found, the others of a batch are not looked for. */
    private static final int MOST_MISSES = 8;

    private SentRows in;
    private long additions;
    private int next;
    private int misses;

    /** The row of {@code sent} that has these bytes; -1 if it is not found. */
    int find(SentRows sent, byte[] array, int start, int length) {
        if (in != sent || additions <= sent.began()) {
            in = sent;
            next = 0;
            misses = 0;
        } else if (additions != sent.additions()) {
            misses = 0;
        }
        additions = sent.additions();
        if (misses == MOST_MISSES) {
            return -1;
        }
        int row = sent.find(next, array, start, length);
        if (row < 0 && next < sent.lastAdded()) {
            row = sent.find(sent.lastAdded(), array, start, length);
        }
        misses = row < 0 ? misses + 1 : 0;
        next = row < 0 ? next : row + 1;
        return row;
    }
}
