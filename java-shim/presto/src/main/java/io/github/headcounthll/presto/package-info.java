// SPDX-License-Identifier: Apache-2.0
/**
 * The PrestoDB plugin: the type HLL, its functions, and the state of their aggregations.
 *
 * <p>Everything a sketch means is behind {@link io.github.headcounthll.core.api.Backend}; what is here is how PrestoDB hands
 * rows over and what it expects back.
 */
package io.github.headcounthll.presto;
