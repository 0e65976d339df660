// SPDX-License-Identifier: Apache-2.0
/**
 * Scalar functions for an engine that calls them by value or by row of a block: {@link ScalarCalls}, over the engine's
 * {@link Blocks}.
 */
package io.github.headcounthll.core.eval;
