// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.api.HeadcountException;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

/**
 * An exchange of a scalar function that stays open for further batches, since a call of its own costs more than a batch
 * of an engine's page. Only for calls whose answer has the error of each row: any other error ends the exchange.
 */
final class KeptCall extends Replies {
    private final byte[] schema;
    private final ClientCall<InputStream, InputStream> call;
    /** The answer's schema, which comes before the first batch. */
    private FlightMessage answered;

    private boolean busy;
    private boolean unwanted;
    private boolean cancelled;

    /** Opens the exchange. */
    KeptCall(ClientCall<InputStream, InputStream> call, Metadata headers, String function, byte[] schema) {
        super(function);
        this.call = call;
        this.schema = schema;
        open(call, headers, schema);
    }

    boolean isFor(String function, byte[] schema) {
        return status() == null && function().equals(function) && Arrays.equals(this.schema, schema);
    }

    /**
     * Sends a batch and waits for its answer.
     *
     * @return the answer's schema and batch; null if the server has ended the exchange without looking at the batch
     */
    List<FlightMessage> ask(OutgoingMessage batch, long timeoutNanos, CallErrors errors) throws InterruptedException {
        if (!begin()) {
            return null;
        }
        try {
            call.sendMessage(batch.stream());
            long end = System.nanoTime() + timeoutNanos;
            if (answered == null) {
                answered = next(end, errors);
            }
            FlightMessage answer = answered == null ? null : next(end, errors);
            return answer == null ? null : List.of(answered, answer);
        } catch (InterruptedException | HeadcountException e) {
            cancel(e);
            throw e;
        } finally {
            done();
        }
    }

    @Override
    FlightMessage next(long end, CallErrors errors) throws InterruptedException {
        FlightMessage next = super.next(end, errors);
        if (next != null) {
            return next;
        }
        return switch (status().getCode()) {
            // The memory is gone, or no batch came for the server's idle timeout: it has not looked at this one.
            case FAILED_PRECONDITION, DEADLINE_EXCEEDED, OK -> null;
            default -> throw failure(errors);
        };
    }

    private synchronized boolean begin() {
        busy = !unwanted && isEmpty();
        return busy;
    }

    private synchronized void done() {
        busy = false;
        finish();
    }

    /** Ends the exchange once no batch waits for its answer. */
    synchronized void end() {
        if (!unwanted) {
            unwanted = true;
            finish();
        }
    }

    private void finish() {
        if (unwanted && !busy && !cancelled) {
            cancelled = true;
            call.halfClose();
        }
    }

    private synchronized void cancel(Exception cause) {
        if (!cancelled) {
            cancelled = true;
            unwanted = true;
            call.cancel("the answer is not needed any more", cause);
        }
    }
}
