// SPDX-License-Identifier: Apache-2.0
/**
 * The sidecar as a backend: the calls of {@link io.github.headcounthll.core.api.Backend} as exchanges of Arrow
 * batches over Flight, as sidecar/PROTOCOL.md has them. What a sketch is, the server knows; here they are bytes.
 *
 * <p>From outside in: {@link io.github.headcounthll.sidecar.SidecarBackendProvider} opens; {@code SidecarFunctions} and
 * {@code SidecarSketches} put calls into columns; {@code Exchange} sends and receives; {@code ResultBatch}, {@code Schemas}
 * and {@code FlightMessage} are the format.
 */
package io.github.headcounthll.sidecar;
