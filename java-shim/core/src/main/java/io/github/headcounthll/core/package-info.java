// SPDX-License-Identifier: Apache-2.0
/**
 * What the plugins of all JVM engines share: the calls a backend answers ({@link Functions}), the state of an
 * aggregation ({@link GroupedSketches}), configuration and start-up ({@link StartupResult}).
 *
 * <p>Nothing here knows what a sketch looks like inside, and nothing here knows an engine.
 */
package io.github.headcounthll.core;
