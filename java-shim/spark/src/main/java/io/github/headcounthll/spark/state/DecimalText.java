// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.state;

import io.github.headcounthll.core.api.IdText;
import org.apache.spark.sql.types.Decimal;

/** The text of an id that is a decimal without a scale: docs/ids.md. */
public final class DecimalText {
    private DecimalText() {}

    public static byte[] of(Decimal id) {
        return IdText.integer(id.toJavaBigDecimal().toBigInteger());
    }
}
