// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.expressions;

import java.lang.reflect.Constructor;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.codegen.Block;
import org.apache.spark.sql.catalyst.expressions.codegen.CodeBlock;

/** Generated code. The constructor has one signature with Scala 2.12 and another with 2.13, so it is found by reflection. */
final class Blocks {
    private static final Constructor<?> CONSTRUCTOR = CodeBlock.class.getConstructors()[0];

    private Blocks() {}

    static Block of(String text) {
        try {
            return (Block) CONSTRUCTOR.newInstance(Seqs.of(List.of(text)), Seqs.of(List.of()));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of Spark makes code in a way that is not known here", e);
        }
    }
}
