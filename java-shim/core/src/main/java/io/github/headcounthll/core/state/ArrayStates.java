// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

import io.github.headcounthll.core.api.ArraySum;
import io.github.headcounthll.core.api.Column;

/**
 * The aggregation calls for sums of arrays, in the place of those for sketches: {@link #merge} adds encoded arrays, and
 * {@link #encode} encodes a sum.
 */
public final class ArrayStates implements States {
    private final States states;
    private final ArraySum sum;

    public ArrayStates(States states, ArraySum sum) {
        this.states = states;
        this.sum = sum;
    }

    @Override
    public boolean merge(Slots slots, Column arrays, Progress progress) {
        return switch (sum) {
            case HISTOGRAMS -> states.histAggregate(slots, arrays, progress);
            case ARRAYS -> states.histSum(slots, arrays, progress);
        };
    }

    @Override
    public boolean encode(Slots slots, byte[] out, int[] end, Progress progress) {
        return states.histEncode(slots, out, end, progress);
    }

    @Override
    public boolean add(Slots slots, Column ids, long precision, Progress progress) {
        throw noIds();
    }

    @Override
    public boolean addInt64(Slots slots, long[] values, int rows, long precision, Progress progress) {
        throw noIds();
    }

    private static IllegalStateException noIds() {
        return new IllegalStateException("a sum of arrays takes no ids");
    }

    @Override
    public boolean histAggregate(Slots slots, Column arrays, Progress progress) {
        return states.histAggregate(slots, arrays, progress);
    }

    @Override
    public boolean histSum(Slots slots, Column arrays, Progress progress) {
        return states.histSum(slots, arrays, progress);
    }

    @Override
    public boolean histEncode(Slots slots, byte[] out, int[] end, Progress progress) {
        return states.histEncode(slots, out, end, progress);
    }
}
