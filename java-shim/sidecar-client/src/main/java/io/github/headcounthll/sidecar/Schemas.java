// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import com.google.flatbuffers.FlatBufferBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.Schema;

/** The schemas of requests and results: the first message of an exchange in each direction. */
final class Schemas {
    /** The protocol version of this client. */
    static final String PROTOCOL = "1";

    private static final String PROTOCOL_KEY = "headcount.protocol";
    private static final String ERRORS_KEY = "headcount.errors";
    private static final String ACKNOWLEDGE_KEY = "headcount.acknowledge";

    private Schemas() {}

    /**
     * The message of a request's schema; fields go by position.
     *
     * @param errorsByRow whether the server returns an error for each invalid row instead of failing the call
     */
    static byte[] request(List<WireType> fields, boolean errorsByRow) {
        return request(
                fields,
                errorsByRow ? Map.of(PROTOCOL_KEY, PROTOCOL, ERRORS_KEY, "rows") : Map.of(PROTOCOL_KEY, PROTOCOL));
    }

    /** The same of an exchange whose batches the server acknowledges. */
    static byte[] acknowledged(List<WireType> fields) {
        return request(fields, Map.of(PROTOCOL_KEY, PROTOCOL, ACKNOWLEDGE_KEY, "batches"));
    }

    private static byte[] request(List<WireType> fields, Map<String, String> metadata) {
        FlatBufferBuilder out = new FlatBufferBuilder(512);
        int[] fieldsAt = IntStream.range(0, fields.size())
                .map(i -> fields.get(i).writeField(out, "f" + i))
                .toArray();
        int vectorAt = Schema.createFieldsVector(out, fieldsAt);
        int metadataAt = metadata(out, metadata);
        int schemaAt = Schema.createSchema(out, Endianness.Little, vectorAt, metadataAt, 0);
        out.finish(Message.createMessage(out, MetadataVersion.V5, MessageHeader.Schema, schemaAt, 0, 0));
        return out.sizedByteArray();
    }

    private static int metadata(FlatBufferBuilder out, Map<String, String> pairs) {
        int[] at = pairs.entrySet().stream()
                .mapToInt(pair -> KeyValue.createKeyValue(
                        out, out.createString(pair.getKey()), out.createString(pair.getValue())))
                .toArray();
        return Schema.createCustomMetadataVector(out, at);
    }

    /** Checks that the schema of a result has these columns in this order. */
    static void check(FlightMessage answer, List<ExpectedColumn> expected) throws Malformed {
        try {
            Message message = Message.getRootAsMessage(answer.header());
            if (message.headerType() != MessageHeader.Schema) {
                throw new Malformed("an answer that does not begin with its schema");
            }
            checkSchema((Schema) message.header(new Schema()), expected);
        } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {
            throw new Malformed("a schema that cannot be read: " + e.getMessage());
        }
    }

    private static void checkSchema(Schema schema, List<ExpectedColumn> expected) throws Malformed {
        for (int i = 0; i < schema.customMetadataLength(); i++) {
            KeyValue pair = schema.customMetadata(i);
            if (PROTOCOL_KEY.equals(pair.key()) && !PROTOCOL.equals(pair.value())) {
                throw new Malformed("version " + pair.value() + " of the protocol, not " + PROTOCOL);
            }
        }
        if (schema.endianness() != Endianness.Little || schema.fieldsLength() != expected.size()) {
            throw new Malformed("an answer of " + schema.fieldsLength() + " columns instead of " + expected.size());
        }
        for (int i = 0; i < expected.size(); i++) {
            checkField(schema.fields(i), expected.get(i));
        }
    }

    private static void checkField(Field field, ExpectedColumn expected) throws Malformed {
        boolean fits = expected.type().describes(field) && field.childrenLength() == expected.width();
        for (int i = 0; fits && i < expected.width(); i++) {
            fits = expected.child().describes(field.children(i))
                    && field.children(i).childrenLength() == 0;
        }
        if (!fits) {
            throw new Malformed("a column " + field.name() + " that is not of type " + expected.type());
        }
    }
}
