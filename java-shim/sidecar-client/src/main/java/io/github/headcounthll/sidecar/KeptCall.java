// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.api.HeadcountException;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An exchange of a scalar function that stays open for further batches, since a call of its own costs more than a batch
 * of an engine's page. Only for calls whose answer has the error of each row: any other error ends the exchange.
 */
final class KeptCall extends ClientCall.Listener<InputStream> {
    private static final Object END = new Object();

    private final String function;
    private final byte[] schema;
    private final ClientCall<InputStream, InputStream> call;
    /** Messages; then, after the call has closed, {@link #END}. */
    private final LinkedBlockingQueue<Object> received = new LinkedBlockingQueue<>();

    private volatile Status status;
    private volatile Metadata trailers;
    /** The answer's schema, which comes before the first batch. */
    private FlightMessage answered;

    private boolean busy;
    private boolean unwanted;
    private boolean cancelled;

    /** Opens the exchange. */
    KeptCall(ClientCall<InputStream, InputStream> call, Metadata headers, String function, byte[] schema) {
        this.call = call;
        this.function = function;
        this.schema = schema;
        call.start(this, headers);
        call.request(Integer.MAX_VALUE);
        call.sendMessage(OutgoingMessage.open(function, schema).stream());
    }

    boolean isFor(String function, byte[] schema) {
        return status == null && this.function.equals(function) && Arrays.equals(this.schema, schema);
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

    private FlightMessage next(long end, CallErrors errors) throws InterruptedException {
        Object next = received.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (next == null) {
            throw errors.unavailable("no answer to " + function + " in time");
        }
        if (next instanceof FlightMessage message) {
            return message;
        }
        received.add(END);
        return switch (status.getCode()) {
            // The memory is gone, or no batch came for the server's idle timeout: it has not looked at this one.
            case FAILED_PRECONDITION, DEADLINE_EXCEEDED, OK -> null;
            default -> throw errors.of(function, status, trailers);
        };
    }

    private synchronized boolean begin() {
        busy = !unwanted && received.isEmpty();
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

    @Override
    public void onMessage(InputStream message) {
        try (message) {
            received.add(FlightMessage.of(message.readAllBytes()));
        } catch (IOException | Malformed e) {
            throw Status.DATA_LOSS.withDescription(e.getMessage()).asRuntimeException();
        }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        this.trailers = trailers;
        this.status = status;
        received.add(END);
    }
}
