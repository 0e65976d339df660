// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.functions;

import io.github.headcounthll.spark.state.RowBatch;
import io.github.headcounthll.spark.state.SketchBuffer;
import org.apache.spark.sql.catalyst.util.ArrayData;

/** The union of the sketches in an array; null without one. */
public final class ArrayUnionCall extends ScalarCall {
    ArrayUnionCall(SparkFunction function) {
        super(function);
    }

    public byte[] invoke(ArrayData sketches) {
        if (sketches == null) {
            return null;
        }
        RowBatch batch = RowBatch.ofOneCall(name());
        SketchBuffer union = new SketchBuffer();
        for (int i = 0; i < sketches.numElements(); i++) {
            if (!sketches.isNullAt(i)) {
                batch.merge(union, sketches.getBinary(i));
            }
        }
        return union.sketch();
    }

    @Override
    public Object call(Object a) {
        return invoke((ArrayData) a);
    }
}
