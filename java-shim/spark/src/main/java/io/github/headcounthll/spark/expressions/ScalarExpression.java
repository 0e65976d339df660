// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.expressions;

import io.github.headcounthll.spark.functions.Ids;
import io.github.headcounthll.spark.functions.ScalarCall;
import io.github.headcounthll.spark.functions.SparkFunction.Operation;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ImplicitCastInputTypes;
import org.apache.spark.sql.catalyst.expressions.codegen.Block;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.trees.TreeNode;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;

/**
 * A scalar function of one or two arguments; NULL if one of them is NULL. Generated code calls {@code invoke} of its
 * {@link ScalarCall}.
 *
 * <p>Spark's UnaryExpression and BinaryExpression cannot be extended in Java: their final methods return types that Java
 * does not accept.
 */
public final class ScalarExpression extends Expression implements ImplicitCastInputTypes, Serializable {
    private final ScalarCalls calls;
    private final scala.collection.immutable.Seq<Expression> children;
    private final Expression first;
    /** Null with one argument. */
    private final Expression second;
    /** Chosen when the arguments' types are known. */
    private transient ScalarCall call;

    ScalarExpression(ScalarCalls calls, List<Expression> arguments) {
        this(calls, Seqs.of(arguments));
    }

    /** Public for Spark, which copies expressions by their constructors. */
    public ScalarExpression(ScalarCalls calls, scala.collection.immutable.Seq<Expression> children) {
        this.calls = calls;
        this.children = children;
        first = children.apply(0);
        second = children.length() > 1 ? children.apply(1) : null;
    }

    private ScalarCall call() {
        if (call != null) {
            return call;
        }
        ScalarCall chosen = calls.of(first);
        if (first.resolved()) {
            call = chosen;
        }
        return chosen;
    }

    // The tree: with the signatures of Scala 2.12 and of 2.13.

    @Override
    public scala.collection.immutable.Seq<Expression> children() {
        return children;
    }

    @Override
    public Expression withNewChildrenInternal(scala.collection.IndexedSeq<Expression> newChildren) {
        return new ScalarExpression(calls, List.copyOf(JavaConverters.seqAsJavaList(newChildren)));
    }

    /** Implements the method of Scala 2.13. */
    public TreeNode<Expression> withNewChildrenInternal(scala.collection.immutable.IndexedSeq<Expression> newChildren) {
        return withNewChildrenInternal((scala.collection.IndexedSeq<Expression>) newChildren);
    }

    // The types.

    @Override
    public scala.collection.immutable.Seq<AbstractDataType> inputTypes() {
        DataType[] types = call().inputTypes();
        if (isNoId()) {
            types[0] = first.dataType(); // or else Spark casts it to a text, and no error is found
        }
        return Seqs.of(List.of(types));
    }

    @Override
    public TypeCheckResult checkInputDataTypes() {
        return isNoId()
                ? new TypeCheckResult.TypeCheckFailure(Ids.error(call().function()))
                : ImplicitCastInputTypes.super.checkInputDataTypes();
    }

    private boolean isNoId() {
        return first.resolved() && Ids.rejects(call().function(), first.dataType());
    }

    @Override
    public DataType dataType() {
        return call().resultType();
    }

    @Override
    public boolean nullable() {
        return returnsNull() || first.nullable() || second != null && second.nullable();
    }

    private boolean returnsNull() {
        Operation operation = call().function().operation();
        return operation == Operation.TRY_CHECK || operation == Operation.UNION_ARRAY;
    }

    @Override
    public boolean foldable() {
        return first.foldable() && (second == null || second.foldable());
    }

    @Override
    public String prettyName() {
        return call().name();
    }

    // The evaluation.

    @Override
    public Object eval(InternalRow row) {
        Object a = first.eval(row);
        if (a == null || second == null) {
            return a == null ? null : call().call(a);
        }
        Object b = second.eval(row);
        return b == null ? null : call().call(a, b);
    }

    @Override
    public ExprCode doGenCode(CodegenContext context, ExprCode code) {
        String target =
                context.addReferenceObj("call", call(), call().getClass().getName());
        ExprCode a = first.genCode(context);
        Block arguments = a.code();
        String isNull = a.isNull().toString();
        String values = a.value().toString();
        if (second != null) {
            ExprCode b = second.genCode(context);
            arguments = arguments.$plus(b.code());
            isNull += " || " + b.isNull();
            values += ", " + b.value();
        }
        String body = "boolean " + code.isNull() + " = " + isNull + ";\n"
                + javaType() + " " + code.value() + " = " + (isPrimitive() ? "0" : "null") + ";\n"
                + "if (!" + code.isNull() + ") {\n"
                + "  " + code.value() + " = " + target + ".invoke(" + values + ");\n"
                + (returnsNull() ? "  " + code.isNull() + " = " + code.value() + " == null;\n" : "")
                + "}\n";
        return new ExprCode(arguments.$plus(Blocks.of(body)), code.isNull(), code.value());
    }

    private boolean isPrimitive() {
        return dataType() instanceof LongType || dataType() instanceof DoubleType;
    }

    private String javaType() {
        DataType type = dataType();
        if (type instanceof StructType) {
            return InternalRow.class.getName();
        }
        return isPrimitive() ? type instanceof LongType ? "long" : "double" : "byte[]";
    }

    @Override
    public String toString() {
        return prettyName() + children.mkString("(", ", ", ")");
    }

    // Product, which a case class would have.

    @Override
    public int productArity() {
        return 2;
    }

    @Override
    public Object productElement(int n) {
        return n == 0 ? calls : children;
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof ScalarExpression;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ScalarExpression that && calls.equals(that.calls) && children.equals(that.children);
    }

    @Override
    public int hashCode() {
        return Objects.hash(calls, children);
    }
}
