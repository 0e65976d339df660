// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.headcounthll.core.api.ErrorCode;
import io.github.headcounthll.core.api.GroupedSketches.Kind;
import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.core.api.Scalar;
import io.github.headcounthll.core.startup.Configuration;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Exchanges that stay open, whose end comes at an unusual time. */
class OpenExchangeTest {
    private static final List<WireType> TYPES = List.of(WireType.INT64, WireType.BINARY);
    private static final byte[] ACKNOWLEDGED = Schemas.acknowledged(TYPES);
    private static final byte[] EMPTY = {3, 12};

    private static Connection connection(SidecarServer server) throws IOException {
        Map<String, String> properties = Map.of(Settings.ADDRESS, "unix://" + server.socket());
        return new Connection(
                Settings.read(new Configuration(Path.of("headcount.properties"), "sidecar", null, properties)));
    }

    /** An exchange whose server lends it memory: two calls, of the memory and of what is sent there. */
    private static Exchange warm(SidecarServer server) throws IOException {
        Exchange exchange = new Exchange(connection(server));
        new SidecarFunctions(exchange)
                .answer(Scalar.CHECK, OpenMergeTest.rows(0, 100), 0)
                .expect(99);
        return exchange;
    }

    /** One more open call. */
    private static void occupy(SidecarServer server) throws Exception {
        Connection connection = connection(server);
        new OpenExchange(
                connection
                        .channel()
                        .newCall(
                                Messages.method("DoExchange", MethodDescriptor.MethodType.BIDI_STREAMING),
                                CallOptions.DEFAULT),
                connection.headers(),
                "merge",
                Schemas.request(TYPES, false),
                () -> {});
    }

    /** Waits until one more may be open: a cancelled one counts until its call has ended. */
    private static OpenExchange open(Exchange exchange) throws InterruptedException {
        OpenExchange[] call = {null};
        await(() -> {
            call[0] = exchange.open("merge", ACKNOWLEDGED);
            return call[0] != null;
        });
        return call[0];
    }

    /** A batch of one row. */
    private static OutgoingMessage batch(Exchange exchange) {
        GroupRows rows = new GroupRows(Kind.MERGE);
        rows.append(0, EMPTY, 0, EMPTY.length, 0);
        return new Aggregates(exchange, "merge", false).batches(rows).get(0);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; !condition.getAsBoolean(); i++) {
            assertTrue(i < 1000, "waited for ten seconds");
            Thread.sleep(10);
        }
    }

    @Test
    void oneMayBeRefusedBeforeItsFirstBatch() throws Exception {
        try (SidecarServer server = SidecarServer.start("--max-calls=5")) {
            Exchange exchange = warm(server);
            for (int i = 0; i < 3; i++) {
                occupy(server);
            }
            Thread.sleep(500); // until they are open
            OpenExchange call = open(exchange);
            await(() -> call.status() != null);
            assertFalse(exchange.add(call, batch(exchange)));
            assertTrue(call.isRefused());
        }
    }

    @Test
    void oneThatHasEndedEndsEveryBatch() throws Exception {
        try (SidecarServer server = SidecarServer.start("--max-calls=7")) {
            Exchange exchange = warm(server);
            OpenExchange first = open(exchange);
            assertTrue(exchange.add(first, batch(exchange)));
            OpenExchange second = open(exchange); // a quarter of the calls is one
            assertFalse(exchange.add(second, batch(exchange)));
            await(() -> second.status() != null);
            assertFalse(exchange.add(second, batch(exchange)));
            assertEquals(0, exchange.answer(second, Aggregates.SKETCHES).size());
            List<ResultBatch> answer = exchange.answer(first, Aggregates.SKETCHES);
            assertEquals(1, answer.size());
            assertEquals(1, answer.get(0).rows());
        }
    }

    @Test
    void anInterruptionIsAnErrorAsLongAsItIsUsed() throws Exception {
        try (SidecarServer server = SidecarServer.start()) {
            Exchange exchange = warm(server);
            for (int i = 0; i < 40; i++) { // more than may be open
                OpenExchange call = open(exchange);
                Thread.currentThread().interrupt();
                assertUnavailable(() -> exchange.add(call, batch(exchange)));
                assertTrue(Thread.interrupted());
                assertFalse(exchange.add(call, batch(exchange)));
                assertUnavailable(() -> exchange.answer(call, Aggregates.SKETCHES));
            }
        }
    }

    private static void assertUnavailable(Runnable call) {
        HeadcountException thrown = assertThrows(HeadcountException.class, call::run);
        assertEquals(ErrorCode.UNAVAILABLE, thrown.code(), thrown.getMessage());
    }

    @Test
    void memoryThatIsRefusedSaysNothingAboutTheServer() throws Exception {
        try (SidecarServer server = SidecarServer.start("--max-calls=5")) {
            LentMemory lent = new LentMemory(connection(server));
            assertNotNull(lent.take(false));
            assertNull(lent.take(false)); // a quarter of the calls is one
            assertTrue(lent.acknowledges());
            server.kill();
            await(() -> !lent.acknowledges());
        }
    }
}
