// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.functions;

import io.github.headcounthll.core.api.Bytes;
import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.spark.library.Library;

/** A function that returns DOUBLE. */
public final class Float64Call extends ScalarCall {
    Float64Call(SparkFunction function) {
        super(function);
    }

    public Double invoke(byte[] sketch) {
        return sketch == null ? null : first(new Bytes(sketch, 0, sketch.length), null);
    }

    public Double invoke(byte[] a, byte[] b) {
        return a == null || b == null ? null : first(new Bytes(a, 0, a.length), new Bytes(b, 0, b.length));
    }

    private Double first(Bytes a, Bytes b) {
        try {
            return Library.functions().float64(scalar(), a, b, 0)[0];
        } catch (HeadcountException e) {
            throw error(e);
        }
    }

    @Override
    public Object call(Object a) {
        return invoke((byte[]) a);
    }

    @Override
    public Object call(Object a, Object b) {
        return invoke((byte[]) a, (byte[]) b);
    }
}
