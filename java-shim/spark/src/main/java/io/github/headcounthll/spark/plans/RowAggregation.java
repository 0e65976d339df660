// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.plans;

import io.github.headcounthll.spark.expressions.Seqs;
import io.github.headcounthll.spark.expressions.SketchAggregate;
import io.github.headcounthll.spark.state.SketchBuffer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.metric.SQLMetric;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/** The states of a partition's rows, without generated code. */
final class RowAggregation extends AbstractFunction1<Iterator<InternalRow>, Iterator<InternalRow>>
        implements Serializable {
    private final List<SketchAggregate> aggregates;
    private final SQLMetric outputRows;

    /** @param aggregates whose arguments are bound to the rows */
    RowAggregation(List<SketchAggregate> aggregates, SQLMetric outputRows) {
        this.aggregates = new ArrayList<>(aggregates);
        this.outputRows = outputRows;
    }

    @Override
    public Iterator<InternalRow> apply(Iterator<InternalRow> rows) {
        List<SketchBuffer> buffers = aggregates.stream()
                .map(SketchAggregate::createAggregationBuffer)
                .toList();
        while (rows.hasNext()) {
            InternalRow row = rows.next();
            for (int i = 0; i < buffers.size(); i++) {
                aggregates.get(i).update(buffers.get(i), row);
            }
        }
        outputRows.add(1);
        return Seqs.<InternalRow>of(List.of(GlobalStates.row(buffers))).iterator();
    }
}
