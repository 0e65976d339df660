// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.functions;

import io.github.headcounthll.core.api.Bytes;
import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.spark.library.Library;

/** A function that returns BIGINT. */
public final class Int64Call extends ScalarCall {
    Int64Call(SparkFunction function) {
        super(function);
    }

    public Long invoke(byte[] sketch) {
        if (sketch == null) {
            return null;
        }
        try {
            return Library.functions().int64(scalar(), new Bytes(sketch, 0, sketch.length));
        } catch (HeadcountException e) {
            throw error(e);
        }
    }

    @Override
    public Object call(Object a) {
        return invoke((byte[]) a);
    }
}
