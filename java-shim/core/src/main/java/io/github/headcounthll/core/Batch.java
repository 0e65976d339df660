package io.github.headcounthll.core;

/** The rows that one call takes: byte strings, or the first {@code rows} of integers. */
record Batch(Column strings, long[] integers, int rows) {
    static Batch of(Column strings) {
        return new Batch(strings, null, strings.rows());
    }

    static Batch of(long[] integers, int rows) {
        return new Batch(null, integers, rows);
    }
}
