// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.catalog;

import io.github.headcounthll.spark.functions.Ids;
import io.github.headcounthll.spark.functions.NamedFunction;
import io.github.headcounthll.spark.functions.ScalarCall;
import io.github.headcounthll.spark.functions.SparkFunction;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A function of the catalog, of which Spark asks for the signature that takes the types of a call's arguments. */
public record CatalogFunction(NamedFunction function) implements UnboundFunction {
    @Override
    public BoundFunction bind(StructType arguments) {
        List<DataType> types =
                Arrays.stream(arguments.fields()).map(StructField::dataType).toList();
        SparkFunction signature =
                function.select(types).orElseThrow(() -> new UnsupportedOperationException(error(types)));
        return function.isAggregate() ? new AggregateCall(signature) : ScalarCall.of(signature);
    }

    private String error(List<DataType> types) {
        SparkFunction first = function.signatures().get(0);
        if (!types.isEmpty() && Ids.rejects(first, types.get(0))) {
            return Ids.error(first);
        }
        return function.name() + " takes no arguments of types "
                + types.stream().map(DataType::sql).collect(Collectors.joining(", ", "(", ")")) + ", but "
                + function.signatureList();
    }

    @Override
    public String description() {
        return function.usage();
    }

    @Override
    public String name() {
        return function.name();
    }
}
