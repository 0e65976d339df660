// SPDX-License-Identifier: Apache-2.0
/**
 * The PrestoDB plugin: the type HLL, its functions, and the state of their aggregations.
 *
 * <p>{@link io.github.headcounthll.core.api.Backend} computes; this package adapts it to the types of PrestoDB's SPI.
 */
package io.github.headcounthll.presto;
