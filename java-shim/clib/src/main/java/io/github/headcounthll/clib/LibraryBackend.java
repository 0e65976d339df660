// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import io.github.headcounthll.core.Backend;
import io.github.headcounthll.core.Functions;
import io.github.headcounthll.core.GroupedSketches;
import io.github.headcounthll.core.SlotSketches;
import io.github.headcounthll.core.States;
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
        return new SlotSketches(newStates, groups);
    }
}
