// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.functions;

import io.github.headcounthll.core.api.Scalar;
import io.github.headcounthll.core.api.SqlFunction;
import io.github.headcounthll.core.api.SqlFunctions;
import io.github.headcounthll.spark.functions.SparkFunction.Operation;
import io.github.headcounthll.spark.functions.SparkFunction.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The functions of Spark: those of the function table whose names are free in Spark, and the few that only Spark has.
 * Sketches are BINARY, so a signature for HLL and one for varbinary become one.
 */
public final class FunctionTable {
    /** Names of functions of Spark itself, which go on meaning what they mean there. */
    static final Set<String> TAKEN = Set.of("cardinality");

    private static final String ARRAY = "array(bigint)";
    /** The parameter of an overload that is always an error, which {@link Ids} finds in the analysis. */
    private static final SqlFunction.Parameter NOT_AN_ID = new SqlFunction.Parameter("id", "double");

    private static final Map<String, NamedFunction> BY_NAME = load();

    private FunctionTable() {}

    /** All functions, in the table's order. */
    public static List<NamedFunction> functions() {
        return List.copyOf(BY_NAME.values());
    }

    /** The function of this name, null if there is none. */
    public static NamedFunction find(String name) {
        return BY_NAME.get(name);
    }

    private static Map<String, NamedFunction> load() {
        Map<String, NamedFunction> byName = new LinkedHashMap<>();
        Stream.concat(SqlFunctions.SCALARS.stream(), SqlFunctions.AGGREGATES.stream())
                .filter(row -> !isOverArrays(row))
                .filter(row -> !row.parameters().contains(NOT_AN_ID))
                .forEach(row -> add(byName, ofRow(row)));
        sparkOnly().forEach(function -> add(byName, function));
        return byName;
    }

    /** The functions over histograms are not offered in Spark. */
    private static boolean isOverArrays(SqlFunction row) {
        return row.result().equals(ARRAY)
                || row.parameters().stream()
                        .anyMatch(parameter -> parameter.type().equals(ARRAY));
    }

    private static void add(Map<String, NamedFunction> byName, SparkFunction function) {
        if (TAKEN.contains(function.name())) {
            return;
        }
        NamedFunction named =
                byName.computeIfAbsent(function.name(), name -> new NamedFunction(name, new ArrayList<>()));
        if (named.signatures().stream().noneMatch(known -> known.signature().equals(function.signature()))) {
            named.signatures().add(function);
        }
    }

    /** The union has a name that is free in every engine; hll_union is DataSketches' in Spark. */
    private static String name(SqlFunction row) {
        return row.name().equals("hll_union") ? "hll_unite" : row.name();
    }

    private static SparkFunction ofRow(SqlFunction row) {
        List<Parameter> parameters = row.parameters().stream()
                .map(parameter -> new Parameter(parameter.name(), type(parameter.type())))
                .toList();
        return new SparkFunction(name(row), operation(row), row.scalar(), parameters, type(row.result()), row.doc());
    }

    private static Operation operation(SqlFunction row) {
        if (row.aggregate() != null) {
            return Operation.valueOf(row.aggregate().name());
        }
        if (row.scalar() == null) {
            return Operation.UNION_ARRAY;
        }
        return row.scalar() == Scalar.CHECK ? Operation.CHECK : Operation.SCALAR;
    }

    private static List<SparkFunction> sparkOnly() {
        Parameter sketch = new Parameter("sketch", DataTypes.BinaryType);
        return List.of(
                new SparkFunction(
                        "hll_filtered_merge",
                        Operation.FILTERED_MERGE,
                        null,
                        List.of(sketch, new Parameter("condition", DataTypes.BooleanType)),
                        DataTypes.BinaryType,
                        "The union of a group's sketches whose condition is true."),
                new SparkFunction(
                        "try_to_hll",
                        Operation.TRY_CHECK,
                        Scalar.CHECK,
                        List.of(sketch),
                        DataTypes.BinaryType,
                        "The bytes if they are a valid sketch, otherwise NULL."));
    }

    /** Spark's type for a type of the table. */
    static DataType type(String name) {
        if (name.startsWith("row(")) {
            StructType row = new StructType();
            for (String field :
                    name.substring("row(".length(), name.length() - 1).split(", ")) {
                int space = field.indexOf(' ');
                row = row.add(field.substring(0, space), type(field.substring(space + 1)), false);
            }
            return row;
        }
        return switch (name) {
            case "HLL", "varbinary" -> DataTypes.BinaryType;
            case "varchar", "char(x)", "uuid" -> DataTypes.StringType;
            case "bigint", "integer", "smallint", "tinyint" -> DataTypes.LongType;
            case "date" -> DataTypes.DateType;
            case "decimal(p,0)" -> Ids.WHOLE;
            case "double" -> DataTypes.DoubleType;
            case "array(HLL)", "array(varbinary)" -> DataTypes.createArrayType(DataTypes.BinaryType);
            default ->
                throw new IllegalArgumentException("the function table has a type without a Spark type: " + name);
        };
    }
}
