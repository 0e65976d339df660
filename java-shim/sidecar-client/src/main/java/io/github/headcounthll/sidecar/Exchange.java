// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.api.HeadcountException;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Calls DoExchange: sends all messages, receives all results, and blocks until the call ends. A failed call is a {@link
 * HeadcountException}.
 */
final class Exchange {
    /**
     * The number of concurrent exchanges of this process; others wait. Together with those that stay open for an
     * aggregate, and two for each piece of shared memory, they are below the server's default limit, 64.
     */
    private static final int MOST_AT_ONCE = 24;

    private static final int MOST_OPEN = 16;

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
    private final Semaphore open = new Semaphore(MOST_OPEN);

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
     * @param keep whether the exchange may stay open for further calls: of a scalar, with the errors of rows in the answer
     */
    List<ResultBatch> call(
            String function, byte[] schema, List<OutgoingMessage> batches, List<ExpectedColumn> results, boolean keep) {
        return read(function, results, () -> answer(function, schema, batches, keep));
    }

    /**
     * The same, of batches that refer to what the server keeps of a lap of shared memory.
     *
     * @return null if it does not keep it any more; it has not looked at the batches then
     */
    List<ResultBatch> callKept(
            String function,
            byte[] schema,
            List<OutgoingMessage> batches,
            List<ExpectedColumn> results,
            SharedMemory memory,
            int lap) {
        return read(function, results, () -> keptAnswer(function, schema, batches, memory, lap));
    }

    /**
     * Opens an exchange of an aggregate that stays open while its rows come.
     *
     * @return null if the server, as far as is known, does not acknowledge batches, or too many are open
     */
    OpenExchange open(String function, byte[] schema) {
        if (!lent.acknowledges() || !open.tryAcquire()) {
            return null;
        }
        ClientCall<InputStream, InputStream> call;
        try {
            call = interruptible(function, () -> connection.channel().newCall(METHOD, CallOptions.DEFAULT));
        } catch (HeadcountException e) {
            open.release();
            throw e;
        }
        return new OpenExchange(call, connection.headers(), function, schema, open::release);
    }

    /** Adds batches that refer to what the server keeps of a lap of shared memory, until one is not added. */
    OpenExchange.Reply addKept(OpenExchange call, List<OutgoingMessage> batches, SharedMemory memory, int lap) {
        return interruptible(call.function(), () -> {
            SharedMemory taken = lent.take(memory) ? memory : null;
            try {
                if (taken == null || memory.lap() != lap) {
                    return OpenExchange.Reply.NOT_THERE;
                }
                for (OutgoingMessage batch : batches) {
                    OpenExchange.Reply reply = call.add(batch, timeout(), errors);
                    if (reply != OpenExchange.Reply.ADDED) {
                        return reply;
                    }
                }
                return OpenExchange.Reply.ADDED;
            } finally {
                lent.giveBack(taken);
            }
        });
    }

    /** Adds a batch, through shared memory if it is worth it; returns false if the exchange has ended. */
    boolean add(OpenExchange call, OutgoingMessage batch) {
        OpenExchange.Reply reply = interruptible(call.function(), () -> {
            SharedMemory memory = batch.bodyLength() < FEWEST_SHARED_BYTES ? null : lent.take(false);
            try {
                if (memory != null) {
                    memory.begin(batch.bodyLength());
                    OpenExchange.Reply placed = call.add(memory.placeNamed(batch), timeout(), errors);
                    if (placed != OpenExchange.Reply.NOT_THERE) {
                        return placed;
                    }
                    memory.returned();
                }
                return call.add(batch, timeout(), errors);
            } finally {
                lent.giveBack(memory);
            }
        });
        if (reply == OpenExchange.Reply.NOT_THERE) {
            throw malformed(call.function(), "a batch that was not added");
        }
        return reply == OpenExchange.Reply.ADDED;
    }

    /** Ends an exchange that has stayed open, and returns its answer. */
    List<ResultBatch> answer(OpenExchange call, List<ExpectedColumn> results) {
        return read(call.function(), results, () -> call.answer(timeout(), errors));
    }

    private long timeout() {
        return connection.settings().exchangeTimeout().toNanos();
    }

    private interface Step<T> {
        T take() throws InterruptedException;
    }

    private <T> T interruptible(String function, Step<T> step) {
        try {
            return step.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw errors.unavailable("the call of " + function + " was interrupted");
        }
    }

    /** Sends a call and waits for the messages of its answer; null if there is none. */
    private interface Question extends Step<List<FlightMessage>> {}

    private List<ResultBatch> read(String function, List<ExpectedColumn> results, Question question) {
        List<FlightMessage> answer = interruptible(function, question);
        try {
            return answer == null ? null : read(answer, results);
        } catch (Malformed e) {
            throw errors.malformed(function, e.getMessage());
        }
    }

    private static List<ResultBatch> read(List<FlightMessage> answer, List<ExpectedColumn> results) throws Malformed {
        if (answer.isEmpty()) {
            throw new Malformed("an answer without a schema");
        }
        Schemas.check(answer.get(0), results);
        List<ResultBatch> read = new ArrayList<>(answer.size() - 1);
        for (FlightMessage message : answer.subList(1, answer.size())) {
            read.add(ResultBatch.read(message, results));
        }
        return read;
    }

    private List<FlightMessage> keptAnswer(
            String function, byte[] schema, List<OutgoingMessage> batches, SharedMemory memory, int lap)
            throws InterruptedException {
        long timeout = acquire();
        SharedMemory taken = null;
        try {
            taken = lent.take(memory) ? memory : null;
            if (taken == null || memory.lap() != lap) {
                return null;
            }
            Answer answer = send(function, schema, batches, timeout, memory, batch -> batch);
            if (answer.isGone()) {
                memory.returned();
                return null;
            }
            return answer.messagesOrThrow(errors);
        } finally {
            lent.giveBack(taken);
            atOnce.release();
        }
    }

    /** The rows that this thread has sent and that the server keeps. */
    SentRows sent() {
        return lent.sent();
    }

    /** Waits until an exchange may begin, and returns for how long it may last. */
    private long acquire() throws InterruptedException {
        long timeout = timeout();
        if (!atOnce.tryAcquire(timeout, TimeUnit.NANOSECONDS)) {
            throw errors.unavailable("no exchange ended within "
                    + connection.settings().exchangeTimeout().toMillis() + " ms");
        }
        return timeout;
    }

    private List<FlightMessage> answer(String function, byte[] schema, List<OutgoingMessage> batches, boolean keep)
            throws InterruptedException {
        long timeout = acquire();
        SharedMemory memory = null;
        try {
            long length = bytes(batches);
            memory = length < FEWEST_SHARED_BYTES ? null : lent.take(keep);
            if (memory != null) {
                memory.begin(length);
            }
            if (memory != null && keep && batches.size() == 1) {
                return kept(function, schema, batches.get(0), timeout, memory);
            }
            Answer answer = send(function, schema, batches, timeout, memory);
            if (memory != null && answer.isGone()) {
                memory.returned();
                answer = send(function, schema, batches, timeout, null);
            }
            return answer.messagesOrThrow(errors);
        } finally {
            lent.giveBack(memory);
            atOnce.release();
        }
    }

    /** Sends a batch in the exchange that stays open with the memory, or in a new one that will. */
    private List<FlightMessage> kept(
            String function, byte[] schema, OutgoingMessage batch, long timeout, SharedMemory memory)
            throws InterruptedException {
        int offset = memory.offset();
        OutgoingMessage placed = memory.place(batch);
        KeptCall call = memory.kept();
        List<FlightMessage> answer =
                call == null || !call.isFor(function, schema) ? null : call.ask(placed, timeout, errors);
        if (answer == null) {
            call = new KeptCall(
                    connection.channel().newCall(METHOD, CallOptions.DEFAULT), headers(memory), function, schema);
            memory.keep(call);
            answer = call.ask(placed, timeout, errors);
        }
        if (answer == null) {
            // The memory is gone.
            memory.returned();
            return send(function, schema, List.of(batch), timeout, null).messagesOrThrow(errors);
        }
        if (memory.keeps()
                && placed != batch
                && batch.columns().size() == 1
                && batch.columns().get(0) instanceof RequestColumn.Bytes rows) {
            memory.use();
            lent.sent().add(memory, offset, rows);
        }
        return answer;
    }

    private Metadata headers(SharedMemory memory) {
        Metadata headers = connection.headers();
        if (memory != null) {
            headers.put(SHARED_MEMORY, memory.token());
        }
        return headers;
    }

    private static long bytes(List<OutgoingMessage> batches) {
        return batches.stream().mapToLong(OutgoingMessage::bodyLength).sum();
    }

    /** Sends a call, with the batches in shared memory where they fit, and waits for the answer. */
    private Answer send(
            String function, byte[] schema, List<OutgoingMessage> batches, long timeout, SharedMemory memory)
            throws InterruptedException {
        return send(function, schema, batches, timeout, memory, memory == null ? batch -> batch : memory::place);
    }

    /** The same, with each batch as {@code place} returns it. */
    private Answer send(
            String function,
            byte[] schema,
            List<OutgoingMessage> batches,
            long timeout,
            SharedMemory memory,
            UnaryOperator<OutgoingMessage> place)
            throws InterruptedException {
        ClientCall<InputStream, InputStream> call = connection
                .channel()
                .newCall(METHOD, CallOptions.DEFAULT.withDeadlineAfter(timeout, TimeUnit.NANOSECONDS));
        Replies replies = new Replies(function);
        replies.open(call, headers(memory), schema);
        for (OutgoingMessage batch : batches) {
            call.sendMessage(place.apply(batch).stream());
        }
        call.halfClose();
        try {
            return new Answer(replies, replies.untilClosed());
        } catch (InterruptedException e) {
            call.cancel("interrupted", e);
            throw e;
        }
    }

    /** What a call that has closed has received. */
    private record Answer(Replies replies, List<FlightMessage> messages) {
        /** Whether the server has taken shared memory back. Then it has not looked at the call. */
        boolean isGone() {
            return replies.status().getCode() == Status.Code.FAILED_PRECONDITION;
        }

        List<FlightMessage> messagesOrThrow(CallErrors errors) {
            if (!replies.status().isOk()) {
                throw replies.failure(errors);
            }
            return messages;
        }
    }

    /** The error for a result that does not match the request. */
    HeadcountException malformed(String function, String what) {
        return errors.malformed(function, what);
    }
}
