// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.plans;

import io.github.headcounthll.spark.catalog.AggregateCall;
import io.github.headcounthll.spark.expressions.Seqs;
import io.github.headcounthll.spark.expressions.SketchAggregate;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.Partial$;
import org.apache.spark.sql.catalyst.expressions.aggregate.V2Aggregator;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import org.apache.spark.sql.execution.aggregate.ObjectHashAggregateExec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.PartialFunction;
import scala.runtime.AbstractPartialFunction;

/**
 * Plans an aggregation by our functions as Spark does, but for two things: a function of the catalog becomes the
 * expression that the extensions have for it, and a partial aggregation without GROUP BY, FILTER and other functions
 * becomes a {@link SketchAggregateExec}. Any other aggregation is left to Spark.
 */
public final class SketchStrategy extends SparkStrategy {
    private static final Logger LOG = LoggerFactory.getLogger(SketchStrategy.class);

    /**
     * Adds the strategy to this thread's session, once. The functions work without it too, so a Spark where it cannot be
     * added is no error.
     */
    public static void addToActiveSession() {
        Option<SparkSession> session = SparkSession.getActiveSession();
        if (session.isEmpty()) {
            return;
        }
        try {
            addTo(ScalaCalls.call(session.get(), "experimental"));
        } catch (IllegalStateException | LinkageError e) {
            LOG.debug("aggregations are planned by Spark alone", e);
        }
    }

    private static void addTo(Object experimentalMethods) {
        synchronized (experimentalMethods) {
            List<SparkStrategy> strategies = new ArrayList<>(ScalaCalls.list(experimentalMethods, "extraStrategies"));
            if (strategies.stream().noneMatch(SketchStrategy.class::isInstance)) {
                strategies.add(new SketchStrategy());
                ScalaCalls.call(experimentalMethods, "extraStrategies_$eq", Seqs.of(strategies));
            }
        }
    }

    @Override
    public scala.collection.immutable.Seq<SparkPlan> apply(LogicalPlan plan) {
        if (!(plan instanceof Aggregate) || plan.isStreaming() || !isOurs(plan)) {
            return Seqs.of(List.of());
        }
        try {
            return Seqs.of(plans(plan));
        } catch (IllegalStateException | LinkageError e) {
            LOG.debug("the aggregation is planned by Spark alone", e);
            return Seqs.of(List.of());
        }
    }

    private static List<SparkPlan> plans(LogicalPlan plan) {
        LogicalPlan ours = plan.transformExpressions(rule(SketchStrategy::ofExtensions));
        List<SparkPlan> plans = new ArrayList<>();
        for (SparkPlan planned : planBySpark(ours)) {
            plans.add(planned.transformUp(rule(SketchStrategy::withoutGroups)));
        }
        return plans;
    }

    private static boolean isOurs(LogicalPlan plan) {
        return ScalaCalls.<Expression>list(plan, "expressions").stream()
                .anyMatch(expression ->
                        expression.exists(part -> part instanceof SketchAggregate || ofExtensions(part) != null));
    }

    /** The extensions' expression for a catalog's function; null for another expression. */
    private static Expression ofExtensions(Expression expression) {
        if (expression instanceof V2Aggregator<?, ?> aggregator
                && aggregator.aggrFunc() instanceof AggregateCall call) {
            return new SketchAggregate(call.function(), ScalaCalls.list(aggregator, "children"));
        }
        return null;
    }

    private static List<SparkPlan> planBySpark(LogicalPlan plan) {
        Object state = ScalaCalls.call(SparkSession.active(), "sessionState");
        Object strategy = ScalaCalls.call(ScalaCalls.call(state, "planner"), "Aggregation");
        @SuppressWarnings("unchecked")
        scala.collection.Seq<SparkPlan> plans =
                (scala.collection.Seq<SparkPlan>) ScalaCalls.call(strategy, "apply", plan);
        return scala.collection.JavaConverters.seqAsJavaList(plans);
    }

    /** The operator for a partial aggregation without groups; null for another plan. */
    private static SparkPlan withoutGroups(SparkPlan plan) {
        if (!(plan instanceof ObjectHashAggregateExec aggregate)
                || aggregate.isStreaming()
                || !ScalaCalls.list(aggregate, "groupingExpressions").isEmpty()) {
            return null;
        }
        List<SketchAggregate> functions = new ArrayList<>();
        for (AggregateExpression call : ScalaCalls.<AggregateExpression>list(aggregate, "aggregateExpressions")) {
            boolean plain = call.mode() == Partial$.MODULE$
                    && !call.isDistinct()
                    && call.filter().isEmpty();
            if (!plain
                    || !(call.aggregateFunction() instanceof SketchAggregate function)
                    || !function.deterministic()) {
                return null;
            }
            functions.add(function);
        }
        List<Attribute> output = ScalaCalls.list(aggregate, "output");
        return functions.isEmpty() ? null : SketchAggregateExec.of(functions, output, aggregate.child());
    }

    /** The function that replaces a node, or returns null for one that stays. */
    private interface Replacement<T> {
        T of(T node);
    }

    private static <T> PartialFunction<T, T> rule(Replacement<T> replacement) {
        return new AbstractPartialFunction<>() {
            @Override
            public boolean isDefinedAt(T node) {
                return replacement.of(node) != null;
            }

            @Override
            @SuppressWarnings("unchecked")
            public <A extends T, B> B applyOrElse(A node, scala.Function1<A, B> otherwise) {
                T replaced = replacement.of(node);
                return replaced == null ? otherwise.apply(node) : (B) replaced;
            }
        };
    }
}
