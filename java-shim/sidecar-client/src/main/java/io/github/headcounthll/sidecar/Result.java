package io.github.headcounthll.sidecar;

/**
 * A column that an answer has to have.
 *
 * @param type its type
 * @param width the doubles of a struct; 0 of any other type
 */
record Result(WireType type, int width) {
    static final Result INT64 = new Result(WireType.INT64, 0);
    static final Result FLOAT64 = new Result(WireType.FLOAT64, 0);
    static final Result BINARY = new Result(WireType.BINARY, 0);
    static final Result UTF8 = new Result(WireType.UTF8, 0);

    /** Buffers in a record batch, those of a struct's fields included. */
    int buffers() {
        return type.buffers() + width * WireType.FLOAT64.buffers();
    }

    /** Nodes in a record batch, those of a struct's fields included. */
    int nodes() {
        return 1 + width;
    }
}
