// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.api.HeadcountException;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Calls DoExchange: sends all messages, receives all results, and blocks until the call ends. A failed call is a {@link
 * HeadcountException}.
 */
final class Exchange {
    /** The number of concurrent exchanges of this process; others wait. The server's default limit is 64. */
    private static final int MOST_AT_ONCE = 32;

    /** Smaller requests go in messages; they are not worth a header. */
    private static final long FEWEST_SHARED_BYTES = 64 << 10;

    private static final Metadata.Key<String> SHARED_MEMORY =
            Metadata.Key.of("headcount-shared-memory", Metadata.ASCII_STRING_MARSHALLER);

    private static final MethodDescriptor<InputStream, InputStream> METHOD =
            Messages.method("DoExchange", MethodDescriptor.MethodType.BIDI_STREAMING);

    private final Connection connection;
    private final CallErrors errors;
    private final LentMemory lent;
    private final Semaphore atOnce = new Semaphore(MOST_AT_ONCE);

    Exchange(Connection connection) {
        this.connection = connection;
        this.errors = new CallErrors(connection.settings().address().text());
        this.lent = new LentMemory(connection);
    }

    /** The size of a batch to make now. */
    int mostBytes() {
        return lent.lends() ? Part.MOST_SHARED_BYTES : Part.MOST_BYTES;
    }

    /**
     * Calls a function: sends its arguments and returns the batches of the answer.
     *
     * @param schema {@link Schemas#request}
     * @param batches the rows; they must not change until this returns
     * @param results the columns that the answer must have
     */
    List<ResultBatch> call(
            String function, byte[] schema, List<OutgoingMessage> batches, List<ExpectedColumn> results) {
        try {
            List<FlightMessage> answer = answer(function, schema, batches);
            if (answer.isEmpty()) {
                throw new Malformed("an answer without a schema");
            }
            Schemas.check(answer.get(0), results);
            List<ResultBatch> read = new ArrayList<>(answer.size() - 1);
            for (FlightMessage message : answer.subList(1, answer.size())) {
                read.add(ResultBatch.read(message, results));
            }
            return read;
        } catch (Malformed e) {
            throw errors.malformed(function, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw errors.unavailable("the call of " + function + " was interrupted");
        }
    }

    private List<FlightMessage> answer(String function, byte[] schema, List<OutgoingMessage> batches)
            throws InterruptedException {
        long timeout = connection.settings().exchangeTimeout().toNanos();
        if (!atOnce.tryAcquire(timeout, TimeUnit.NANOSECONDS)) {
            throw errors.unavailable("no exchange ended within "
                    + connection.settings().exchangeTimeout().toMillis() + " ms");
        }
        SharedMemory memory = null;
        try {
            memory = bytes(batches) < FEWEST_SHARED_BYTES ? null : lent.take();
            Answer answer = send(function, schema, batches, timeout, memory);
            if (memory != null && answer.status.getCode() == Status.Code.FAILED_PRECONDITION) {
                // The server has taken the memory back meanwhile, and has not looked at the call.
                memory.returned();
                answer = send(function, schema, batches, timeout, null);
            }
            return answer.messages(errors, function);
        } finally {
            lent.giveBack(memory);
            atOnce.release();
        }
    }

    private static long bytes(List<OutgoingMessage> batches) {
        return batches.stream().mapToLong(OutgoingMessage::bodyLength).sum();
    }

    /** Sends a call, with the batches in shared memory where they fit, and waits for the answer. */
    private Answer send(
            String function, byte[] schema, List<OutgoingMessage> batches, long timeout, SharedMemory memory)
            throws InterruptedException {
        ClientCall<InputStream, InputStream> call = connection
                .channel()
                .newCall(METHOD, CallOptions.DEFAULT.withDeadlineAfter(timeout, TimeUnit.NANOSECONDS));
        Answer answer = new Answer();
        Metadata headers = connection.headers();
        if (memory != null) {
            headers.put(SHARED_MEMORY, memory.token());
        }
        call.start(answer, headers);
        call.request(Integer.MAX_VALUE);
        call.sendMessage(OutgoingMessage.open(function, schema).stream());
        for (OutgoingMessage batch : batches) {
            call.sendMessage((memory == null ? batch : memory.place(batch)).stream());
        }
        call.halfClose();
        try {
            answer.closed.await();
        } catch (InterruptedException e) {
            call.cancel("interrupted", e);
            throw e;
        }
        return answer;
    }

    /** Collects the messages; called by one thread of the channel, and read after the call has closed. */
    private static final class Answer extends ClientCall.Listener<InputStream> {
        private final CountDownLatch closed = new CountDownLatch(1);
        private final List<FlightMessage> messages = new ArrayList<>();
        private Status status;
        private Metadata trailers;

        @Override
        public void onMessage(InputStream message) {
            try (message) {
                messages.add(FlightMessage.of(message.readAllBytes()));
            } catch (IOException | Malformed e) {
                throw Status.DATA_LOSS.withDescription(e.getMessage()).asRuntimeException();
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            this.status = status;
            this.trailers = trailers;
            closed.countDown();
        }

        List<FlightMessage> messages(CallErrors errors, String function) {
            if (!status.isOk()) {
                throw errors.of(function, status, trailers);
            }
            return messages;
        }
    }

    /** The error for a result that does not match the request. */
    HeadcountException malformed(String function, String what) {
        return errors.malformed(function, what);
    }
}
