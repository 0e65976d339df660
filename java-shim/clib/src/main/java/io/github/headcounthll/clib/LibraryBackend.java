// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import io.github.headcounthll.core.api.ArraySum;
import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.api.Functions;
import io.github.headcounthll.core.api.GroupedSketches;
import io.github.headcounthll.core.state.SlotSketches;
import io.github.headcounthll.core.state.States;
import java.util.function.Supplier;

/**
 * libheadcount in this process.
 *
 * @param functions the stateless calls
 * @param newStates makes the aggregation calls of one state, for one thread at a time
 */
public record LibraryBackend(Functions functions, Supplier<? extends States> newStates) implements Backend {
    @Override
    public GroupedSketches newSketches(int groups) {
        return new SlotSketches(newStates, null, groups);
    }

    @Override
    public GroupedSketches newSums(ArraySum sum, int groups) {
        return new SlotSketches(newStates, sum, groups);
    }
}
