// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The shared memory that the server on this machine lends, over a Unix socket only. Each piece belongs to an open call,
 * which the server ends when the memory is unused for its idle timeout, and which ends with either process.
 */
final class LentMemory {
    /** More exchanges at once send their batches in messages. */
    private static final int MOST = 8;
    /** After a refusal, or where the memory cannot be opened, how long until the next request. */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** The same after a lost connection, which the exchange itself will report. */
    private static final long LOST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final byte[] ACTION = FlightMessage.action("headcount.shared-memory", SharedMemory.USES);

    private static final MethodDescriptor<InputStream, InputStream> METHOD =
            Messages.method("DoAction", MethodDescriptor.MethodType.SERVER_STREAMING);

    private final Connection connection;
    private final Path socket;
    private final ConcurrentLinkedDeque<SharedMemory> free = new ConcurrentLinkedDeque<>();
    private final AtomicInteger lent = new AtomicInteger();
    private volatile long nextRequest = System.nanoTime();
    /** The rows that a thread has sent. */
    private final ThreadLocal<SentRows> sent = ThreadLocal.withInitial(SentRows::new);
    /** Whether the last request was granted. */
    private volatile boolean lends;
    /** The memory of servers that acknowledge batches. It ends with its server, which another one may follow. */
    private final AtomicInteger acknowledging = new AtomicInteger();

    LentMemory(Connection connection) {
        this.connection = connection;
        socket = connection.settings().address().socket();
    }

    /**
     * Memory for one exchange, to be given back; null if there is none now.
     *
     * @param again whether to take that in which this thread's rows are
     */
    SharedMemory take(boolean again) throws InterruptedException {
        if (socket == null) {
            return null;
        }
        SharedMemory last = again ? sent.get().memory() : null;
        if (last != null && take(last)) {
            return last;
        }
        for (SharedMemory memory = free.pollFirst(); memory != null; memory = free.pollFirst()) {
            if (memory.isLent()) {
                return memory;
            }
        }
        if (System.nanoTime() - nextRequest < 0) {
            return null;
        }
        if (lent.incrementAndGet() > MOST) {
            lent.decrementAndGet();
            return null;
        }
        Lease lease;
        try {
            lease = new Lease();
        } catch (InterruptedException e) {
            lent.decrementAndGet();
            throw e;
        }
        SharedMemory memory = lease.memory();
        lends = memory != null;
        if (!lends) {
            nextRequest = System.nanoTime() + (lease.lost ? LOST_PAUSE_NANOS : PAUSE_NANOS);
        }
        return memory;
    }

    /** Takes this memory, if it is free. */
    boolean take(SharedMemory memory) {
        return free.remove(memory) && memory.isLent();
    }

    /** The rows that this thread has sent and that the server keeps. */
    SentRows sent() {
        return sent.get();
    }

    /** Whether memory was granted last, and probably will be. */
    boolean lends() {
        return lends;
    }

    /** Whether the server, as far as is known, acknowledges the batches of an exchange. */
    boolean acknowledges() {
        return acknowledging.get() > 0;
    }

    void giveBack(SharedMemory memory) {
        if (memory != null && memory.isLent()) {
            free.addFirst(memory);
        }
    }

    /** The open call of one piece of memory. */
    private final class Lease extends ClientCall.Listener<InputStream> {
        private final CompletableFuture<SharedMemory> opened = new CompletableFuture<>();
        private final ClientCall<InputStream, InputStream> call;
        private volatile boolean lost;

        Lease() throws InterruptedException {
            call = connection.channel().newCall(METHOD, CallOptions.DEFAULT);
        }

        SharedMemory memory() throws InterruptedException {
            call.start(this, connection.headers());
            call.request(2);
            call.sendMessage(new ByteArrayInputStream(ACTION));
            call.halfClose();
            try {
                SharedMemory memory =
                        opened.get(connection.settings().connectTimeout().toNanos(), TimeUnit.NANOSECONDS);
                if (memory == null) {
                    call.cancel("the memory cannot be opened here", null);
                }
                return memory;
            } catch (ExecutionException e) {
                return null; // the call has ended
            } catch (TimeoutException | InterruptedException e) {
                call.cancel("the memory is not needed any more", e);
                if (e instanceof InterruptedException interrupted) {
                    throw interrupted;
                }
                return null;
            }
        }

        @Override
        public void onMessage(InputStream message) {
            try (message) {
                SharedMemory memory = SharedMemory.open(FlightMessage.result(message.readAllBytes()), socket);
                if (memory != null && memory.acknowledges()) {
                    acknowledging.incrementAndGet();
                }
                opened.complete(memory);
            } catch (IOException | Malformed e) {
                throw Status.DATA_LOSS.withDescription(e.getMessage()).asRuntimeException();
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            lent.decrementAndGet();
            lost = status.getCode() == Status.Code.UNAVAILABLE;
            opened.completeExceptionally(status.asRuntimeException());
            SharedMemory memory = opened.isCompletedExceptionally() ? null : opened.getNow(null);
            if (memory != null) {
                if (memory.acknowledges()) {
                    acknowledging.decrementAndGet();
                }
                memory.returned();
                free.remove(memory);
            }
        }
    }
}
