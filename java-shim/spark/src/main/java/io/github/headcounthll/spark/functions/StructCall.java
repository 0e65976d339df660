// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.functions;

import io.github.headcounthll.core.api.Bytes;
import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.spark.library.Library;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;

/** A function that returns a STRUCT of doubles. */
public final class StructCall extends ScalarCall {
    StructCall(SparkFunction function) {
        super(function);
    }

    public InternalRow invoke(byte[] sketch, long number) {
        return sketch == null ? null : row(new Bytes(sketch, 0, sketch.length), null, number);
    }

    public InternalRow invoke(byte[] a, byte[] b) {
        return a == null || b == null ? null : row(new Bytes(a, 0, a.length), new Bytes(b, 0, b.length), 0);
    }

    private InternalRow row(Bytes a, Bytes b, long number) {
        try {
            double[] values = Library.functions().float64(scalar(), a, b, number);
            Object[] fields = new Object[values.length];
            for (int i = 0; i < fields.length; i++) {
                fields[i] = values[i];
            }
            return new GenericInternalRow(fields);
        } catch (HeadcountException e) {
            throw error(e);
        }
    }

    @Override
    public Object call(Object a, Object b) {
        return b instanceof Long number ? invoke((byte[]) a, number) : invoke((byte[]) a, (byte[]) b);
    }
}
