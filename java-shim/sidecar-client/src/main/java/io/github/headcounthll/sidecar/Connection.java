// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.grpc.ChannelCredentials;
import io.grpc.ConnectivityState;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The channels to the server, each with one connection that reconnects by itself. They live as long as the process, like
 * the plugin; their threads are daemons.
 */
final class Connection {
    /** A message of two sketches of precision 24, and what frames them. */
    private static final int LARGEST_MESSAGE = 40 << 20;
    /** One thread handles all bytes of a connection, so several connections use more processors. */
    private static final int MOST_CHANNELS = 4;
    /** The pause between two attempts to connect while a call waits. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

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
                    // Results are only collected, so no other thread is needed.
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
            // The JDK's own sockets need no native library, and therefore no JVM flag.
            return NettyChannelBuilder.forAddress(
                            UnixDomainSocketAddress.of(address.socket()), InsecureChannelCredentials.create())
                    .channelType(NioDomainSocketChannel.class)
                    // gRPC sets it; Unix sockets do not have it, and netty would warn for every connection.
                    .withOption(ChannelOption.SO_KEEPALIVE, null)
                    .overrideAuthority("localhost");
        }
        return NettyChannelBuilder.forTarget("dns:///" + address.text(), credentials())
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

    /** The headers of every call. */
    Metadata headers() {
        Metadata headers = new Metadata();
        if (settings.token() != null) {
            headers.put(AUTHORIZATION, "Bearer " + settings.token());
        }
        return headers;
    }

    /**
     * Returns a channel, connected if that succeeds within the connect timeout; otherwise a call on it fails at once
     * with the reason. gRPC's own pauses between attempts grow to minutes, so each call here starts an attempt.
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
}
