// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core;

/**
 * Where a call finds the slots of its rows: row i's slot is the {@code capacities[i]} bytes from byte
 * {@code starts[i]} of the chunk. A chunk is an array of longs so that it begins at a multiple of 8 bytes whatever
 * the JVM's object header; slots start at multiples of 8 and have multiples of 8. What a slot holds is the library's own.
 *
 * @param packRegisters whether the groups are so many that memory counts for more than time
 */
public record Slots(long[] chunk, int[] starts, int[] capacities, boolean packRegisters) {}
