// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.grpc.ChannelCredentials;
import io.grpc.ConnectivityState;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The way to the server: a few channels, each with one connection that comes back by itself. For ever, like the plugin;
 * its threads are daemons.
 */
final class Connection {
    /** A message of two sketches of precision 24, and what frames them. */
    private static final int LARGEST_MESSAGE = 40 << 20;
    /** A connection's bytes all pass one thread, which is more than a server with many processors wants to wait for. */
    private static final int MOST_CHANNELS = 4;
    /** Between two attempts to connect while somebody waits. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    private final Settings settings;
    private final ManagedChannel[] channels;
    private final AtomicInteger next = new AtomicInteger();

    Connection(Settings settings) throws IOException {
        this.settings = settings;
        channels =
                new ManagedChannel[Math.min(MOST_CHANNELS, Runtime.getRuntime().availableProcessors())];
        EventLoopGroup threads = new MultiThreadIoEventLoopGroup(
                channels.length, new DefaultThreadFactory("headcount-sidecar", true), NioIoHandler.newFactory());
        for (int i = 0; i < channels.length; i++) {
            channels[i] = builder()
                    .eventLoopGroup(threads)
                    // What an answer brings is only put aside: no thread has to be found for it.
                    .directExecutor()
                    .maxInboundMessageSize(LARGEST_MESSAGE)
                    .proxyDetector(target -> null)
                    .disableRetry()
                    .build();
        }
    }

    private NettyChannelBuilder builder() throws IOException {
        Settings.Address address = settings.address();
        if (address.socket() != null) {
            // The JDK's own sockets: no native library to load, so that no flag has to allow it.
            return NettyChannelBuilder.forAddress(
                            UnixDomainSocketAddress.of(address.socket()), InsecureChannelCredentials.create())
                    .channelType(NioDomainSocketChannel.class)
                    // gRPC sets it, and such a socket has none: netty would warn at every connection.
                    .withOption(ChannelOption.SO_KEEPALIVE, null)
                    .overrideAuthority("localhost");
        }
        return NettyChannelBuilder.forTarget("dns:///" + address.hostPort(), credentials())
                .channelType(NioSocketChannel.class);
    }

    private ChannelCredentials credentials() throws IOException {
        if (!settings.tls()) {
            return InsecureChannelCredentials.create();
        }
        TlsChannelCredentials.Builder tls = TlsChannelCredentials.newBuilder();
        if (settings.trustedCertificates() != null) {
            tls.trustManager(settings.trustedCertificates().toFile());
        }
        if (settings.certificate() != null) {
            tls.keyManager(settings.certificate().toFile(), settings.key().toFile());
        }
        return tls.build();
    }

    Settings settings() {
        return settings;
    }

    /**
     * A channel that is connected, or else the best there is after the time for connecting: a call on it then fails
     * at once and says why. gRPC's own pauses between attempts grow to minutes; whoever asks here starts one.
     */
    ManagedChannel channel() throws InterruptedException {
        ManagedChannel channel = channels[Math.floorMod(next.getAndIncrement(), channels.length)];
        ConnectivityState state = channel.getState(true);
        if (state == ConnectivityState.READY) {
            return channel;
        }
        long end = System.nanoTime() + settings.connectTimeout().toNanos();
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            if (state == ConnectivityState.TRANSIENT_FAILURE) {
                TimeUnit.NANOSECONDS.sleep(Math.min(left, PAUSE_NANOS));
                channel.resetConnectBackoff();
                awaitChange(channel, ConnectivityState.TRANSIENT_FAILURE, PAUSE_NANOS);
            } else {
                awaitChange(channel, state, left);
            }
            state = channel.getState(true);
            if (state == ConnectivityState.READY) {
                break;
            }
        }
        return channel;
    }

    private static void awaitChange(ManagedChannel channel, ConnectivityState from, long nanos)
            throws InterruptedException {
        CountDownLatch changed = new CountDownLatch(1);
        channel.notifyWhenStateChanged(from, changed::countDown);
        changed.await(nanos, TimeUnit.NANOSECONDS);
    }

    /** How long an exchange may take. */
    Duration timeout() {
        return settings.exchangeTimeout();
    }

    /** Ends the connections. */
    void close() {
        for (ManagedChannel channel : channels) {
            channel.shutdownNow();
        }
    }
}
