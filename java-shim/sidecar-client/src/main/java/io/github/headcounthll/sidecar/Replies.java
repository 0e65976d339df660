// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.api.HeadcountException;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What the server sends in a call, for one thread that waits for it. */
class Replies extends ClientCall.Listener<InputStream> {
    private static final Object END = new Object();

    private final String function;
    /** Messages; then, after the call has closed, {@link #END}. */
    private final LinkedBlockingQueue<Object> received = new LinkedBlockingQueue<>();

    private volatile Status status;
    private volatile Metadata trailers;

    /** @param function the name that errors have */
    Replies(String function) {
        this.function = function;
    }

    String function() {
        return function;
    }

    /** Starts the call, and sends the message that opens the exchange. */
    final void open(ClientCall<InputStream, InputStream> call, Metadata headers, byte[] schema) {
        call.start(this, headers);
        call.request(Integer.MAX_VALUE);
        call.sendMessage(OutgoingMessage.open(function, schema).stream());
    }

    /** How the call has ended; null if it has not. */
    Status status() {
        return status;
    }

    /** Whether nothing has come that was not returned yet, not even the call's end. */
    boolean isEmpty() {
        return received.isEmpty();
    }

    /**
     * Waits for the next message until a time of {@link System#nanoTime}.
     *
     * @return null if the call has ended
     */
    FlightMessage next(long end, CallErrors errors) throws InterruptedException {
        Object next = received.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (next == null) {
            throw errors.unavailable("no answer to " + function + " in time");
        }
        if (next instanceof FlightMessage message) {
            return message;
        }
        received.add(END);
        return null;
    }

    /** Waits until the call has closed, at its deadline at the latest, and returns the messages that were not returned yet. */
    List<FlightMessage> untilClosed() throws InterruptedException {
        List<FlightMessage> messages = new ArrayList<>();
        while (received.take() instanceof FlightMessage message) {
            messages.add(message);
        }
        received.add(END);
        return messages;
    }

    /** The error with which the call has ended. */
    HeadcountException failure(CallErrors errors) {
        return errors.of(function, status, trailers);
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
