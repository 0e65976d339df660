// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.sidecar;

import com.google.flatbuffers.FlatBufferBuilder;
import org.apache.arrow.flatbuf.Binary;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Utf8;

/** The Arrow types that this client sends or reads. */
enum WireType {
    INT64(Type.Int, 2),
    FLOAT64(Type.FloatingPoint, 2),
    BINARY(Type.Binary, 3),
    UTF8(Type.Utf8, 3),
    /** A list of INT64. */
    INT64_LIST(Type.List, 2),
    /** A struct of doubles. */
    STRUCT(Type.Struct_, 1);

    private final byte code;
    private final int buffers;

    WireType(byte code, int buffers) {
        this.code = code;
        this.buffers = buffers;
    }

    /** Buffers of a column, without those of a list's elements or a struct's fields: validity, offsets where lengths vary, values. */
    int buffers() {
        return buffers;
    }

    /** Writes a nullable field of this type, which must not be {@link #STRUCT}, and returns its offset. */
    int writeField(FlatBufferBuilder out, String name) {
        int nameAt = out.createString(name);
        int[] children = this == INT64_LIST ? new int[] {INT64.writeField(out, "item")} : new int[0];
        int childrenAt = Field.createChildrenVector(out, children);
        int typeAt = switch (this) {
            case INT64 -> Int.createInt(out, Long.SIZE, true);
            case FLOAT64 -> FloatingPoint.createFloatingPoint(out, Precision.DOUBLE);
            case BINARY -> {
                Binary.startBinary(out);
                yield Binary.endBinary(out);
            }
            case UTF8 -> {
                Utf8.startUtf8(out);
                yield Utf8.endUtf8(out);
            }
            case INT64_LIST -> {
                org.apache.arrow.flatbuf.List.startList(out);
                yield org.apache.arrow.flatbuf.List.endList(out);
            }
            case STRUCT -> throw new IllegalArgumentException("a struct is read only");
        };
        return Field.createField(out, nameAt, true, code, typeAt, 0, childrenAt, 0);
    }

    /** Returns whether a field of a result has this type. */
    boolean describes(Field field) {
        if (field.typeType() != code || field.dictionary() != null) {
            return false;
        }
        return switch (this) {
            case INT64 -> {
                Int type = (Int) field.type(new Int());
                yield type != null && type.bitWidth() == Long.SIZE && type.isSigned();
            }
            case FLOAT64 -> {
                FloatingPoint type = (FloatingPoint) field.type(new FloatingPoint());
                yield type != null && type.precision() == Precision.DOUBLE;
            }
            case BINARY, UTF8, INT64_LIST, STRUCT -> true;
        };
    }
}
