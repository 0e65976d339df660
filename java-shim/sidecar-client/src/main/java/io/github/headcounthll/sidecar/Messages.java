// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import io.grpc.MethodDescriptor;
import java.io.InputStream;

/** Messages as the streams that gRPC writes and reads. */
final class Messages implements MethodDescriptor.Marshaller<InputStream> {
    private Messages() {}

    /** A method of Flight's service. */
    static MethodDescriptor<InputStream, InputStream> method(String name, MethodDescriptor.MethodType type) {
        return MethodDescriptor.<InputStream, InputStream>newBuilder()
                .setType(type)
                .setFullMethodName("arrow.flight.protocol.FlightService/" + name)
                .setRequestMarshaller(new Messages())
                .setResponseMarshaller(new Messages())
                .build();
    }

    @Override
    public InputStream stream(InputStream message) {
        return message;
    }

    @Override
    public InputStream parse(InputStream message) {
        return message;
    }
}
