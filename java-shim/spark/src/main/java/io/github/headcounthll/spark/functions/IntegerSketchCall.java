// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.functions;

import io.github.headcounthll.core.api.Arguments;
import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.core.api.Scalar;
import io.github.headcounthll.spark.library.Library;

/** A function that returns a sketch of an integer. Without a precision it is the default one. */
public final class IntegerSketchCall extends ScalarCall {
    IntegerSketchCall(SparkFunction function) {
        super(function);
    }

    public byte[] invoke(long value) {
        return invoke(value, Scalar.DEFAULT_PRECISION);
    }

    public byte[] invoke(long value, long precision) {
        try {
            return Library.functions()
                    .sketches(scalar(), new Arguments(1, null, null, new long[] {value}, precision))
                    .row(0);
        } catch (HeadcountException e) {
            throw error(e);
        }
    }

    @Override
    public Object call(Object a) {
        return invoke((long) a);
    }

    @Override
    public Object call(Object a, Object b) {
        return invoke((long) a, (long) b);
    }
}
