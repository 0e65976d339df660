// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.expressions;

import java.util.List;
import scala.collection.immutable.$colon$colon;
import scala.collection.immutable.Nil$;

/** Scala sequences in the form that Scala 2.12 and 2.13 both have. */
public final class Seqs {
    private Seqs() {}

    @SuppressWarnings("unchecked")
    public static <T> scala.collection.immutable.List<T> of(List<? extends T> values) {
        scala.collection.immutable.List<T> list = (scala.collection.immutable.List<T>) Nil$.MODULE$;
        for (int i = values.size() - 1; i >= 0; i--) {
            list = new $colon$colon<>(values.get(i), list);
        }
        return list;
    }
}
