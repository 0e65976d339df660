// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.functions;

import io.github.headcounthll.core.api.Bytes;
import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.core.api.IdText;
import io.github.headcounthll.core.api.Scalar;
import io.github.headcounthll.spark.library.Library;
import io.github.headcounthll.spark.state.DecimalText;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

/** A function that returns a sketch. Without a precision it is the default one. */
public final class SketchCall extends ScalarCall {
    SketchCall(SparkFunction function) {
        super(function);
    }

    public byte[] invoke() {
        return invoke(Scalar.DEFAULT_PRECISION);
    }

    public byte[] invoke(long precision) {
        return sketch(null, null, precision);
    }

    public byte[] invoke(UTF8String id) {
        return invoke(id, Scalar.DEFAULT_PRECISION);
    }

    public byte[] invoke(UTF8String id, long precision) {
        return id == null ? null : invoke(id.getBytes(), precision);
    }

    public byte[] invoke(byte[] id) {
        return invoke(id, Scalar.DEFAULT_PRECISION);
    }

    /** Of an id, or of a sketch that is reduced. */
    public byte[] invoke(byte[] bytes, long precision) {
        return bytes == null ? null : sketch(new Bytes(bytes, 0, bytes.length), null, precision);
    }

    public byte[] invoke(int date) {
        return invoke(date, Scalar.DEFAULT_PRECISION);
    }

    public byte[] invoke(int date, long precision) {
        return invoke(IdText.date(date), precision);
    }

    public byte[] invoke(Decimal id) {
        return invoke(id, Scalar.DEFAULT_PRECISION);
    }

    public byte[] invoke(Decimal id, long precision) {
        return id == null ? null : invoke(DecimalText.of(id), precision);
    }

    public byte[] invoke(byte[] a, byte[] b) {
        return a == null || b == null ? null : sketch(new Bytes(a, 0, a.length), new Bytes(b, 0, b.length), 0);
    }

    private byte[] sketch(Bytes a, Bytes b, long number) {
        try {
            return Library.functions().sketch(scalar(), a, b, number);
        } catch (HeadcountException e) {
            throw error(e);
        }
    }

    @Override
    public Object call(Object a) {
        return a instanceof Long precision ? invoke(precision.longValue()) : call(a, Scalar.DEFAULT_PRECISION);
    }

    @Override
    public Object call(Object a, Object b) {
        if (a instanceof UTF8String id) {
            return invoke(id, (long) b);
        }
        if (a instanceof Integer date) {
            return invoke(date.intValue(), (long) b);
        }
        if (a instanceof Decimal id) {
            return invoke(id, (long) b);
        }
        return b instanceof Long precision ? invoke((byte[]) a, precision.longValue()) : invoke((byte[]) a, (byte[]) b);
    }
}
