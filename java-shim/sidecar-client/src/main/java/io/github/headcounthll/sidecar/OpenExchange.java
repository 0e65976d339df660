// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.api.HeadcountException;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * An exchange of an aggregate that stays open while its rows come. The server acknowledges each batch. It may end the
 * exchange at any time, with the answer of what it has acknowledged and perhaps of a part of the next batch.
 */
final class OpenExchange extends Replies {
    /** What the server says to a batch. */
    enum Reply {
        ADDED,
        /** The batch refers to memory that the server does not have. */
        NOT_THERE,
        /** The exchange has ended: the batch was not added, or a part of it was. */
        ENDED
    }

    private final ClientCall<InputStream, InputStream> call;
    private final Runnable closed;
    private final List<FlightMessage> answer = new ArrayList<>();
    private long added;
    private long stateBytes;
    private boolean ended;
    private boolean refused;
    /** What has cancelled the call; null before. */
    private Exception cancelled;

    /**
     * Opens the exchange.
     *
     * @param closed runs when the call has ended
     */
    OpenExchange(
            ClientCall<InputStream, InputStream> call,
            Metadata headers,
            String function,
            byte[] schema,
            Runnable closed) {
        super(function);
        this.call = call;
        this.closed = closed;
        open(call, headers, schema);
    }

    /** Sends a batch and waits for what the server says to it. */
    Reply add(OutgoingMessage batch, long timeoutNanos, CallErrors errors) throws InterruptedException {
        if (ended) {
            return Reply.ENDED;
        }
        try {
            boolean sent = isEmpty(); // otherwise the answer has begun, or the call has ended
            if (sent) {
                call.sendMessage(batch.stream());
            }
            FlightMessage reply = next(System.nanoTime() + timeoutNanos, errors);
            if (reply == null || !reply.isBare()) {
                return ended(reply, errors);
            }
            if (!sent) {
                throw errors.malformed(function(), "an acknowledgement of no batch");
            }
            return acknowledged(reply.metadata(), errors);
        } catch (InterruptedException | HeadcountException e) {
            cancel(e);
            throw e;
        }
    }

    private Reply ended(FlightMessage first, CallErrors errors) {
        if (first != null) {
            answer.add(first);
        } else if (added > 0 || status().getCode() != Status.Code.RESOURCE_EXHAUSTED) {
            throw failure(errors); // an error of a row, or the server is gone
        } else {
            refused = true;
        }
        ended = true;
        return Reply.ENDED;
    }

    private Reply acknowledged(ByteBuffer reply, CallErrors errors) {
        if (reply.remaining() != 2 * Long.BYTES) {
            throw errors.malformed(function(), "an acknowledgement of " + reply.remaining() + " bytes");
        }
        long before = added;
        added = reply.getLong();
        stateBytes = reply.getLong();
        if (added != before && added != before + 1) {
            throw errors.malformed(function(), added + " batches added instead of " + (before + 1));
        }
        return added == before ? Reply.NOT_THERE : Reply.ADDED;
    }

    /** The bytes that the server holds, by its last acknowledgement. */
    long stateBytes() {
        return stateBytes;
    }

    /** Whether the server has not opened the exchange, for a limit of its own. */
    boolean isRefused() {
        return refused;
    }

    /** Ends the exchange and returns its answer. */
    List<FlightMessage> answer(long timeoutNanos, CallErrors errors) throws InterruptedException {
        if (cancelled != null) {
            throw errors.unavailable("the call of " + function() + " was cancelled: " + cancelled.getMessage());
        }
        try {
            call.halfClose();
            long end = System.nanoTime() + timeoutNanos;
            for (FlightMessage next = next(end, errors); next != null; next = next(end, errors)) {
                answer.add(next);
            }
        } catch (InterruptedException | HeadcountException e) {
            cancel(e);
            throw e;
        }
        if (!status().isOk()) {
            throw failure(errors);
        }
        return answer;
    }

    private void cancel(Exception cause) {
        cancelled = cause;
        ended = true;
        call.cancel("the answer is not needed any more", cause);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        closed.run();
        super.onClose(status, trailers);
    }
}
