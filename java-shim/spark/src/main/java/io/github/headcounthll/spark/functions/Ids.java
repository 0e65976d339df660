// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.functions;

import io.github.headcounthll.core.api.IdText;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;

/** Ids of Spark's types: docs/ids.md. */
public final class Ids {
    /** The type of a decimal without a scale. */
    static final DataType WHOLE = DataTypes.createDecimalType(DecimalType.MAX_PRECISION(), 0);

    private Ids() {}

    /** Whether a function takes an id as its first argument, and the argument's type cannot be one. */
    public static boolean rejects(SparkFunction function, DataType argument) {
        return !function.parameters().isEmpty()
                && function.parameters().get(0).name().equals("id")
                && (argument instanceof DoubleType
                        || argument instanceof FloatType
                        || argument instanceof DecimalType decimal && decimal.scale() > 0);
    }

    /** The error for such an argument. */
    public static String error(SparkFunction function) {
        return IdText.notAnId(function.name()).getMessage();
    }
}
