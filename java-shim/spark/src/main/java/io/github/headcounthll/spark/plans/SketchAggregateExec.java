// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.plans;

import io.github.headcounthll.spark.expressions.Seqs;
import io.github.headcounthll.spark.expressions.SketchAggregate;
import io.github.headcounthll.spark.functions.SparkFunction;
import io.github.headcounthll.spark.functions.SparkFunction.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.BindReferences;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.catalyst.plans.physical.SinglePartition$;
import org.apache.spark.sql.catalyst.plans.physical.UnknownPartitioning;
import org.apache.spark.sql.catalyst.trees.TreeNode;
import org.apache.spark.sql.execution.CodegenSupport;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics;
import org.apache.spark.sql.types.DateType;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag$;

/**
 * A partial aggregation without GROUP BY: one row of states for each partition, as an ObjectHashAggregate gives it. It
 * takes part in whole-stage code generation, so the values of a row go from the scan to a {@link GlobalStates} without
 * an UnsafeRow between them.
 *
 * <p>Methods with one signature in Scala 2.12 and another in 2.13 are here with both.
 */
public final class SketchAggregateExec extends SparkPlan implements CodegenSupport {
    private final scala.collection.immutable.Seq<SparkFunction> functions;
    /** The arguments of each function. */
    private final scala.collection.immutable.Seq<scala.collection.immutable.Seq<Expression>> arguments;

    private final scala.collection.immutable.Seq<Attribute> output;
    private final SparkPlan child;
    private transient scala.collection.immutable.Map<String, SQLMetric> metrics;
    private transient CodegenSupport parent;
    /** The name of the generated field with the states. */
    private transient String states;

    /** Public for Spark, which copies plans by their constructors. */
    public SketchAggregateExec(
            scala.collection.immutable.Seq<SparkFunction> functions,
            scala.collection.immutable.Seq<scala.collection.immutable.Seq<Expression>> arguments,
            scala.collection.immutable.Seq<Attribute> output,
            SparkPlan child) {
        this.functions = functions;
        this.arguments = arguments;
        this.output = output;
        this.child = child;
    }

    static SketchAggregateExec of(List<SketchAggregate> aggregates, List<Attribute> output, SparkPlan child) {
        return new SketchAggregateExec(
                Seqs.of(aggregates.stream().map(SketchAggregate::function).toList()),
                Seqs.of(aggregates.stream().map(SketchAggregate::children).toList()),
                Seqs.of(output),
                child);
    }

    // The tree.

    @Override
    public scala.collection.immutable.Seq<SparkPlan> children() {
        return Seqs.of(List.of(child));
    }

    @Override
    public SparkPlan withNewChildrenInternal(scala.collection.IndexedSeq<SparkPlan> newChildren) {
        return new SketchAggregateExec(functions, arguments, output, newChildren.apply(0));
    }

    /** Implements the method of Scala 2.13. */
    public TreeNode<SparkPlan> withNewChildrenInternal(scala.collection.immutable.IndexedSeq<SparkPlan> newChildren) {
        return withNewChildrenInternal((scala.collection.IndexedSeq<SparkPlan>) newChildren);
    }

    @Override
    public scala.collection.immutable.Seq<Attribute> output() {
        return output;
    }

    @Override
    public AttributeSet producedAttributes() {
        List<Expression> attributes = new ArrayList<>(JavaConverters.seqAsJavaList(output));
        return AttributeSet$.MODULE$.apply(Seqs.<Expression>of(attributes));
    }

    @Override
    public Partitioning outputPartitioning() {
        Partitioning partitioning = child.outputPartitioning();
        return partitioning == SinglePartition$.MODULE$
                ? partitioning
                : new UnknownPartitioning(partitioning.numPartitions());
    }

    @Override
    public String simpleString(int maxFields) {
        return "SketchAggregate(functions=" + calls() + ")";
    }

    @Override
    public String verboseStringWithOperatorId() {
        return formattedNodeName() + "\nFunctions: " + calls() + "\n";
    }

    private List<String> calls() {
        List<String> calls = new ArrayList<>();
        for (int i = 0; i < functions.length(); i++) {
            calls.add(
                    "partial_" + functions.apply(i).name() + arguments.apply(i).mkString("(", ", ", ")"));
        }
        return calls;
    }

    @Override
    public synchronized scala.collection.immutable.Map<String, SQLMetric> metrics() {
        if (metrics == null) {
            metrics = new scala.collection.immutable.Map.Map1<>(
                    "numOutputRows", SQLMetrics.createMetric(sparkContext(), "number of output rows"));
        }
        return metrics;
    }

    // Without generated code.

    @Override
    public RDD<InternalRow> doExecute() {
        List<SketchAggregate> bound = new ArrayList<>();
        for (int i = 0; i < functions.length(); i++) {
            bound.add(new SketchAggregate(functions.apply(i), bind(arguments.apply(i))));
        }
        return child.execute()
                .mapPartitions(
                        new RowAggregation(bound, longMetric("numOutputRows")),
                        false,
                        ClassTag$.MODULE$.apply(InternalRow.class));
    }

    /** The arguments with the positions of the child's columns. */
    private List<Expression> bind(scala.collection.immutable.Seq<Expression> expressions) {
        return JavaConverters.seqAsJavaList(expressions).stream()
                .map(expression -> BindReferences.bindReference(expression, allAttributes(), false))
                .toList();
    }

    // Generated code.

    @Override
    public CodegenSupport parent() {
        return parent;
    }

    @Override
    public void parent_$eq(CodegenSupport newParent) {
        parent = newParent;
    }

    @Override
    public scala.collection.immutable.Seq<RDD<InternalRow>> inputRDDs() {
        return Seqs.of(ScalaCalls.<RDD<InternalRow>>list(child, "inputRDDs"));
    }

    /** All rows of the partition are read before the one row of output, so the child need not stop for it. */
    @Override
    public boolean needStopCheck() {
        return false;
    }

    @Override
    public boolean needCopyResult() {
        return false;
    }

    @Override
    public scala.collection.immutable.Seq<String> limitNotReachedChecks() {
        return Seqs.of(List.of());
    }

    @Override
    public String doProduce(CodegenContext context) {
        String names = context.addReferenceObj(
                "functions",
                JavaConverters.seqAsJavaList(functions).stream()
                        .map(SparkFunction::name)
                        .toArray(String[]::new),
                "String[]");
        String type = GlobalStates.class.getName();
        states = context.addMutableState(
                type, "sketchStates", name -> name + " = new " + type + "(" + names + ");", true, true);
        String done = context.addMutableState("boolean", "sketchesDone", name -> "", false, true);
        String read = context.freshName("readRowsForSketches");
        String function = context.addNewFunction(
                read,
                "private void " + read + "() throws java.io.IOException {\n"
                        + ((CodegenSupport) child).produce(context, this) + "\n}\n",
                false);
        String row = context.freshName("sketchRow");
        return "if (!" + done + ") {\n"
                + "  " + done + " = true;\n"
                + "  " + function + "();\n"
                + "  UnsafeRow " + row + " = " + states + ".result();\n"
                + "  " + metricTerm(context, "numOutputRows") + ".add(1);\n"
                + ScalaCalls.call(this, CodegenSupport.class, "consume", context, null, row)
                + "\n}\n";
    }

    @Override
    public String doConsume(CodegenContext context, scala.collection.Seq<ExprCode> input, ExprCode row) {
        StringBuilder code = new StringBuilder();
        for (int i = 0; i < functions.length(); i++) {
            code.append(update(context, i, functions.apply(i).operation(), bind(arguments.apply(i))));
        }
        return code.toString();
    }

    /** Implements the method of Scala 2.13. */
    public String doConsume(CodegenContext context, scala.collection.immutable.Seq<ExprCode> input, ExprCode row) {
        return doConsume(context, (scala.collection.Seq<ExprCode>) input, row);
    }

    /** Evaluates the second argument first and, if it is NULL or false, not the other: as SketchAggregate.update. */
    private String update(CodegenContext context, int index, Operation operation, List<Expression> bound) {
        ExprCode second = bound.size() > 1 ? bound.get(1).genCode(context) : null;
        ExprCode first = bound.get(0).genCode(context);
        String value = index + ", " + first.value();
        String call = switch (operation) {
            case MERGE, FILTERED_MERGE -> "merge(" + value + ")";
            default ->
                (bound.get(0).dataType() instanceof DateType ? "addDate(" : "add(") + value
                        + (second == null ? "" : ", " + second.value()) + ")";
        };
        String take = first.code() + "\nif (!" + first.isNull() + ") {\n  " + states + "." + call + ";\n}\n";
        if (second == null) {
            return "{\n" + take + "}\n";
        }
        String wanted = "!" + second.isNull() + (operation == Operation.FILTERED_MERGE ? " && " + second.value() : "");
        return "{\n" + second.code() + "\nif (" + wanted + ") {\n" + take + "}\n}\n";
    }

    // Product, which a case class would have.

    @Override
    public int productArity() {
        return 4;
    }

    @Override
    public Object productElement(int n) {
        return switch (n) {
            case 0 -> functions;
            case 1 -> arguments;
            case 2 -> output;
            default -> child;
        };
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof SketchAggregateExec;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SketchAggregateExec that
                && functions.equals(that.functions)
                && arguments.equals(that.arguments)
                && output.equals(that.output)
                && child.equals(that.child);
    }

    @Override
    public int hashCode() {
        return Objects.hash(functions, arguments, output, child);
    }
}
