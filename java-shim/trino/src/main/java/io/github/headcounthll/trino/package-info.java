// SPDX-License-Identifier: Apache-2.0
/**
 * The Trino plugin: the type HLL, its functions, and the state of their aggregations.
 *
 * <p>{@link io.github.headcounthll.core.api.Backend} computes; this package adapts it to the types of Trino's SPI.
 */
package io.github.headcounthll.trino;
