// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.functions;

import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.spark.library.Library;

/** Checks that the bytes are a sketch and returns them. */
public final class CheckCall extends ScalarCall {
    CheckCall(SparkFunction function) {
        super(function);
    }

    public byte[] invoke(byte[] sketch) {
        if (sketch == null) {
            return null;
        }
        try {
            Library.functions().check(sketch, 0, sketch.length);
            return sketch;
        } catch (HeadcountException e) {
            throw error(e);
        }
    }

    @Override
    public Object call(Object a) {
        return invoke((byte[]) a);
    }
}
