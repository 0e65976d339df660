// SPDX-License-Identifier: Apache-2.0
/**
 * The sidecar as a backend: the calls of {@link io.github.headcounthll.core.api.Backend} as exchanges of Arrow
 * batches over Flight, as sidecar/PROTOCOL.md defines them. Sketches are opaque bytes here.
 *
 * <p>From the outside in: {@link io.github.headcounthll.sidecar.SidecarBackendProvider} opens the connections; {@code SidecarFunctions} and
 * {@code SidecarSketches} turn calls into columns; {@code Exchange} sends and receives, {@code OpenExchange} over the pages of an aggregation; {@code ResultBatch}, {@code Schemas}
 * and {@code FlightMessage} implement the format.
 */
package io.github.headcounthll.sidecar;
