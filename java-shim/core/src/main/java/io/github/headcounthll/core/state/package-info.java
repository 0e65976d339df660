// SPDX-License-Identifier: Apache-2.0
/**
 * Aggregation states in the Java heap, for a backend whose calls work on the caller's memory: {@link SlotSketches} keeps
 * a slot for each group, queues rows, and drives the state protocol of headcount.h through {@link States}.
 */
package io.github.headcounthll.core.state;
