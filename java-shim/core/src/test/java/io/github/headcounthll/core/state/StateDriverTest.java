// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.headcounthll.core.api.ErrorCode;
import io.github.headcounthll.core.api.HeadcountException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The state protocol from the caller's side. */
class StateDriverTest {
    private final List<String> calls = new ArrayList<>();

    /** Rows of which row i needs a slot of {@code needs[i]} bytes, and is at position 7 when the library says so. */
    private final class Rows implements StateDriver.Batch {
        private final int[] needs;
        private final int[] capacities;
        private boolean grows = true;

        Rows(int... needs) {
            this.needs = needs;
            capacities = new int[needs.length];
        }

        @Override
        public int rows() {
            return needs.length;
        }

        @Override
        public boolean take(Progress progress) {
            calls.add("take " + progress.row() + " at " + progress.at());
            for (int row = progress.row(); row < needs.length; row++) {
                if (capacities[row] < needs[row]) {
                    progress.set(row, 7, needs[row]);
                    return false;
                }
                progress.set(row + 1, 0, 0);
            }
            return true;
        }

        @Override
        public int capacity(int row) {
            return grows ? capacities[row] : needs[row];
        }

        @Override
        public void grow(Progress progress) {
            calls.add("grow " + progress.row() + " to " + progress.need());
            capacities[progress.row()] = (int) progress.need();
        }
    }

    @Test
    void aSlotThatIsTooSmallGrowsAndItsRowGoesOnWhereItWas() {
        new StateDriver().take(new Rows(8, 0, 16));
        assertEquals(List.of("take 0 at 0", "grow 0 to 8", "take 0 at 7", "grow 2 to 16", "take 2 at 7"), calls);
    }

    @Test
    void noRowsNeedNoCall() {
        new StateDriver().take(new Rows());
        assertEquals(List.of(), calls);
    }

    @Test
    void aNeedOfNoMoreThanThereIsIsABug() {
        Rows rows = new Rows(8);
        rows.grows = false;
        HeadcountException error = assertThrows(HeadcountException.class, () -> new StateDriver().take(rows));
        assertEquals(ErrorCode.INTERNAL, error.code());
        assertTrue(error.getMessage().contains("a state of 8 bytes"), error.getMessage());
    }

    private static boolean encode(byte[] out, int[] end, Progress progress, long need) {
        if (out.length < need) {
            progress.set(0, 0, need);
            return false;
        }
        out[0] = 42;
        end[0] = 1;
        return true;
    }

    @Test
    void anOutputThatFitsIsReused() {
        byte[] out = new byte[8];
        int[] end = new int[1];
        assertTrue(out == new StateDriver().encode((to, e, p) -> encode(to, e, p, 8), out, end));
        byte[] larger = new StateDriver().encode((to, e, p) -> encode(to, e, p, 9), out, end);
        assertEquals(9, larger.length);
        assertArrayEquals(new int[] {1}, end);
    }

    @Test
    void anOutputThatNoArrayHoldsIsABug() {
        for (long need : new long[] {8, Integer.MAX_VALUE, Long.MAX_VALUE, -1}) {
            HeadcountException error = assertThrows(
                    HeadcountException.class,
                    () -> new StateDriver()
                            .encode(
                                    (to, e, p) -> {
                                        p.set(0, 0, need);
                                        return false;
                                    },
                                    new byte[8],
                                    new int[1]));
            assertEquals(ErrorCode.INTERNAL, error.code());
        }
    }
}
