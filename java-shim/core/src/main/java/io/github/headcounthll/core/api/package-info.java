// SPDX-License-Identifier: Apache-2.0
/**
 * What engines and backends share: a {@link Backend}, its functions ({@link Functions}), the state of an aggregation
 * ({@link GroupedSketches}), columns, errors, and the function table ({@link SqlFunctions}).
 *
 * <p>This package depends on no other package of Headcount, neither on the encoding of a sketch nor on any engine.
 */
package io.github.headcounthll.core.api;
