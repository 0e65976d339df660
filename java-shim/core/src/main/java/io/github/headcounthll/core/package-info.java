// SPDX-License-Identifier: Apache-2.0
/**
 * Shared by the plugins of all JVM engines: the functions of a backend ({@link Functions}), the state of an aggregation
 * ({@link GroupedSketches}), configuration and start-up ({@link StartupResult}).
 *
 * <p>This package depends neither on the encoding of a sketch nor on any engine.
 */
package io.github.headcounthll.core;
