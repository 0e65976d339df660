// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.functions;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;

/** All signatures of a name. */
public record NamedFunction(String name, List<SparkFunction> signatures) {
    public boolean isAggregate() {
        return signatures.get(0).operation().isAggregate();
    }

    /** The signatures with this number of parameters. */
    public List<SparkFunction> ofArity(int parameters) {
        return signatures.stream()
                .filter(signature -> signature.parameters().size() == parameters)
                .toList();
    }

    /**
     * The signature for these types of arguments: where several have as many parameters, the one whose first parameter
     * has the type of the first argument, an integer being a BIGINT. Empty if there is none.
     */
    public Optional<SparkFunction> select(List<DataType> types) {
        List<SparkFunction> candidates = ofArity(types.size());
        if (candidates.size() < 2) {
            return candidates.stream().findFirst();
        }
        DataType first = widened(types.get(0));
        return candidates.stream()
                .filter(candidate -> first.equals(DataTypes.NullType)
                        || candidate.parameters().get(0).type().equals(first))
                .findFirst();
    }

    /** The parameter type that takes a type without a cast that could change its value. */
    public static DataType widened(DataType type) {
        if (type instanceof ByteType || type instanceof ShortType || type instanceof IntegerType) {
            return DataTypes.LongType;
        }
        if (type instanceof DecimalType decimal && decimal.scale() == 0) {
            return Ids.WHOLE;
        }
        return type instanceof StringType ? DataTypes.StringType : type;
    }

    /** The signatures on one line, for messages. */
    public String signatureList() {
        return signatures.stream().map(SparkFunction::signature).collect(Collectors.joining(", "));
    }

    /** What DESCRIBE FUNCTION prints. */
    public String usage() {
        return signatures.stream()
                .map(signature ->
                        "\n    _FUNC_" + signature.signature().substring(name.length()) + " - " + signature.doc())
                .collect(Collectors.joining());
    }
}
