// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.expressions;

import io.github.headcounthll.core.api.Scalar;
import io.github.headcounthll.spark.functions.Ids;
import io.github.headcounthll.spark.functions.NamedFunction;
import io.github.headcounthll.spark.functions.SparkFunction;
import io.github.headcounthll.spark.functions.SparkFunction.Operation;
import io.github.headcounthll.spark.state.RowBatch;
import io.github.headcounthll.spark.state.SketchBuffer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ImplicitCastInputTypes;
import org.apache.spark.sql.catalyst.expressions.aggregate.ImperativeAggregate;
import org.apache.spark.sql.catalyst.expressions.aggregate.TypedImperativeAggregate;
import org.apache.spark.sql.catalyst.trees.TreeNode;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.collection.JavaConverters;

/**
 * An aggregate function. Its state is a slot of the library in the heap, its serialized state a sketch. Rows wait in a
 * {@link RowBatch} of this expression, of which each task has a copy.
 *
 * <p>{@code children} and {@code withNewChildrenInternal} have one signature with Scala 2.12 and another with 2.13. Both
 * are here.
 */
public final class SketchAggregate extends TypedImperativeAggregate<SketchBuffer>
        implements ImplicitCastInputTypes, Serializable {
    private final SparkFunction function;
    private final scala.collection.immutable.Seq<Expression> children;
    private final int bufferOffset;
    private final int inputOffset;
    private final Expression first;
    /** The condition or the precision; null without one. */
    private final Expression second;

    private transient RowBatch batch;

    public SketchAggregate(SparkFunction function, List<Expression> arguments) {
        this(function, Seqs.of(arguments), 0, 0);
    }

    /** Public for Spark, which copies expressions by their constructors. */
    public SketchAggregate(
            SparkFunction function,
            scala.collection.immutable.Seq<Expression> children,
            int bufferOffset,
            int inputOffset) {
        this.function = function;
        this.children = children;
        this.bufferOffset = bufferOffset;
        this.inputOffset = inputOffset;
        first = children.apply(0);
        second = children.length() > 1 ? children.apply(1) : null;
    }

    public SparkFunction function() {
        return function;
    }

    private boolean addsIds() {
        return function.operation() == Operation.ADD || function.operation() == Operation.ADD_INT64;
    }

    // The tree.

    @Override
    public scala.collection.immutable.Seq<Expression> children() {
        return children;
    }

    @Override
    public Expression withNewChildrenInternal(scala.collection.IndexedSeq<Expression> newChildren) {
        List<Expression> list = new ArrayList<>(JavaConverters.seqAsJavaList(newChildren));
        return new SketchAggregate(function, Seqs.of(list), bufferOffset, inputOffset);
    }

    /** Implements the method of Scala 2.13. */
    public TreeNode<Expression> withNewChildrenInternal(scala.collection.immutable.IndexedSeq<Expression> newChildren) {
        return withNewChildrenInternal((scala.collection.IndexedSeq<Expression>) newChildren);
    }

    @Override
    public int mutableAggBufferOffset() {
        return bufferOffset;
    }

    @Override
    public int inputAggBufferOffset() {
        return inputOffset;
    }

    @Override
    public ImperativeAggregate withNewMutableAggBufferOffset(int offset) {
        return new SketchAggregate(function, children, offset, inputOffset);
    }

    @Override
    public ImperativeAggregate withNewInputAggBufferOffset(int offset) {
        return new SketchAggregate(function, children, bufferOffset, offset);
    }

    // The types.

    @Override
    public scala.collection.immutable.Seq<AbstractDataType> inputTypes() {
        List<AbstractDataType> types = new ArrayList<>(List.of(function.types()));
        if (addsIds()) {
            types.set(0, idType(first.dataType()));
        }
        return Seqs.of(types);
    }

    private static DataType idType(DataType found) {
        if (found instanceof StringType) {
            return found;
        }
        return found instanceof NullType ? DataTypes.StringType : NamedFunction.widened(found);
    }

    @Override
    public TypeCheckResult checkInputDataTypes() {
        DataType id = idType(first.dataType());
        if (Ids.rejects(function, id)) {
            return new TypeCheckResult.TypeCheckFailure(Ids.error(function));
        }
        boolean valid = id instanceof StringType
                || id instanceof LongType
                || id instanceof DateType
                || id instanceof DecimalType
                || id.equals(DataTypes.BinaryType);
        if (addsIds() && !valid) {
            return new TypeCheckResult.TypeCheckFailure(function.name()
                    + " takes ids of type STRING, BINARY, DATE, DECIMAL(p, 0) or an integer type, not " + id.sql()
                    + "; cast them");
        }
        return ImplicitCastInputTypes.super.checkInputDataTypes();
    }

    @Override
    public DataType dataType() {
        return DataTypes.BinaryType;
    }

    @Override
    public boolean nullable() {
        return true;
    }

    @Override
    public String prettyName() {
        return function.name();
    }

    // The aggregation.

    @Override
    public SketchBuffer createAggregationBuffer() {
        return new SketchBuffer();
    }

    private RowBatch batch() {
        if (batch == null) {
            batch = new RowBatch(function.name());
        }
        return batch;
    }

    @Override
    public SketchBuffer update(SketchBuffer buffer, InternalRow row) {
        Object other = second == null ? null : second.eval(row);
        if (second != null && other == null || Boolean.FALSE.equals(other)) {
            return buffer;
        }
        if (first instanceof BoundReference column && !addsIds()) {
            if (!row.isNullAt(column.ordinal())) {
                batch().merge(buffer, row, column.ordinal());
            }
            return buffer;
        }
        Object value = first.eval(row);
        if (value != null && addsIds()) {
            add(buffer, value, other == null ? Scalar.DEFAULT_PRECISION : (long) other);
        } else if (value != null) {
            batch().merge(buffer, (byte[]) value);
        }
        return buffer;
    }

    private void add(SketchBuffer buffer, Object id, long precision) {
        if (id instanceof UTF8String text) {
            batch().add(buffer, text, precision);
        } else if (id instanceof Long number) {
            batch().add(buffer, number, precision);
        } else if (id instanceof Integer date) {
            batch().addDate(buffer, date, precision);
        } else if (id instanceof Decimal decimal) {
            batch().add(buffer, decimal, precision);
        } else {
            batch().add(buffer, (byte[]) id, precision);
        }
    }

    @Override
    public SketchBuffer merge(SketchBuffer buffer, SketchBuffer other) {
        batch().merge(buffer, other);
        return buffer;
    }

    @Override
    public Object eval(SketchBuffer buffer) {
        return buffer.sketch();
    }

    @Override
    public byte[] serialize(SketchBuffer buffer) {
        return buffer.serialized();
    }

    @Override
    public SketchBuffer deserialize(byte[] bytes) {
        return SketchBuffer.of(bytes);
    }

    /** In a plan; Spark would write every field. */
    @Override
    public String toAggString(boolean isDistinct) {
        return prettyName() + children.mkString(isDistinct ? "(distinct " : "(", ", ", ")");
    }

    @Override
    public String toString() {
        return prettyName() + children.mkString("(", ", ", ")");
    }

    // Product, which a case class would have.

    @Override
    public int productArity() {
        return 4;
    }

    @Override
    public Object productElement(int n) {
        return switch (n) {
            case 0 -> function;
            case 1 -> children;
            case 2 -> bufferOffset;
            default -> inputOffset;
        };
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof SketchAggregate;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SketchAggregate that
                && function.equals(that.function)
                && children.equals(that.children)
                && bufferOffset == that.bufferOffset
                && inputOffset == that.inputOffset;
    }

    @Override
    public int hashCode() {
        return Objects.hash(function, children, bufferOffset, inputOffset);
    }
}
