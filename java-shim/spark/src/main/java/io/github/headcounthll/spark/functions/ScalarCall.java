// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.functions;

import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.core.api.Scalar;
import io.github.headcounthll.spark.errors.SketchException;
import java.io.Serializable;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.types.DataType;

/**
 * The calls of a scalar function: a method {@code invoke} for each form of its arguments. Generated code calls it, the
 * extension's and the catalog's, which Spark calls the magic method. The result of a NULL argument is NULL; a NULL
 * number does not come here.
 */
public abstract class ScalarCall implements ScalarFunction<Object>, Serializable {
    protected final SparkFunction function;

    ScalarCall(SparkFunction function) {
        this.function = function;
    }

    /** The calls of a function that is not an aggregate. */
    public static ScalarCall of(SparkFunction function) {
        return switch (function.operation()) {
            case CHECK -> new CheckCall(function);
            case TRY_CHECK -> new TryCheckCall(function);
            case UNION_ARRAY -> new ArrayUnionCall(function);
            case SCALAR ->
                switch (function.scalar().result()) {
                    case INT64 -> new Int64Call(function);
                    case FLOAT64 ->
                        function.scalar().width() == 1 ? new Float64Call(function) : new StructCall(function);
                    case SKETCH ->
                        function.scalar().takesIntegers() ? new IntegerSketchCall(function) : new SketchCall(function);
                    case NOTHING -> throw new IllegalArgumentException(function.signature() + " has no result");
                };
            default -> throw new IllegalArgumentException(function.signature() + " is an aggregate");
        };
    }

    /** Calls {@code invoke} with one argument, if the function has a form for it. */
    public Object call(Object a) {
        throw arity();
    }

    /** Calls {@code invoke} with two arguments, if the function has a form for them. */
    public Object call(Object a, Object b) {
        throw arity();
    }

    public final SparkFunction function() {
        return function;
    }

    final Scalar scalar() {
        return function.scalar();
    }

    final SketchException error(HeadcountException e) {
        return SketchException.of(function.name(), e);
    }

    private IllegalStateException arity() {
        return new IllegalStateException(function.signature() + " is called with another number of arguments");
    }

    @Override
    public final DataType[] inputTypes() {
        return function.types();
    }

    @Override
    public final DataType resultType() {
        return function.result();
    }

    @Override
    public final String name() {
        return function.name();
    }

    @Override
    public final String canonicalName() {
        return "headcount." + function.signature();
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof ScalarCall call && call.function.equals(function);
    }

    @Override
    public final int hashCode() {
        return function.hashCode();
    }

    @Override
    public final String toString() {
        return function.name();
    }
}
