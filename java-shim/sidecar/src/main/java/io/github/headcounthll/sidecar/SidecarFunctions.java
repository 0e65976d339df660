package io.github.headcounthll.sidecar;

import io.github.headcounthll.core.Answers;
import io.github.headcounthll.core.Column;
import io.github.headcounthll.core.ColumnFunctions;
import io.github.headcounthll.core.Functions;

/** The stateless calls. A cast asks for the precision, whose answer is short and which only a sketch has. */
final class SidecarFunctions implements Functions, ColumnFunctions {
    private final Exchange exchange;

    SidecarFunctions(Exchange exchange) {
        this.exchange = exchange;
    }

    private ScalarCall call(String function, Result result) {
        return new ScalarCall(exchange, function, result);
    }

    @Override
    public Answers answer(Call call, Column column, long parameter) {
        return switch (call) {
            case CHECK, PRECISION -> call("hll_precision", Result.INT64).bytes(column).answers();
            case CARDINALITY -> call("hll_cardinality", Result.INT64).bytes(column).answers();
            case ESTIMATE -> call("hll_estimate", Result.FLOAT64).bytes(column).answers();
            case BOUNDS -> call("hll_bounds", Result.BOUNDS).bytes(column).number(parameter).answers();
            case CREATE -> call("hll_create", Result.BINARY).text(column).number(parameter).answers();
            case REDUCE -> call("hll_reduce", Result.BINARY).bytes(column).number(parameter).answers();
        };
    }

    @Override
    public void check(Column sketches) {
        call("hll_precision", Result.INT64).bytes(sketches).words();
    }

    @Override
    public void precision(Column sketches, long[] out) {
        copy(call("hll_precision", Result.INT64).bytes(sketches), out);
    }

    @Override
    public void cardinality(Column sketches, long[] out) {
        copy(call("hll_cardinality", Result.INT64).bytes(sketches), out);
    }

    /** Not in the function table, and so not on the wire. */
    @Override
    public void compatibleEstimate(Column sketches, double[] out) {
        throw exchange.argument("the function server has no estimate before its truncation");
    }

    @Override
    public void estimate(Column sketches, double[] out) {
        copy(call("hll_estimate", Result.FLOAT64).bytes(sketches), out);
    }

    @Override
    public void bounds(Column sketches, long sigmas, double[] out) {
        copy(call("hll_bounds", Result.BOUNDS).bytes(sketches).number(sigmas), out);
    }

    @Override
    public void intersection(Column a, Column b, double[] out) {
        copy(call("hll_intersection", Result.INTERVAL).bytes(a).bytes(b), out);
    }

    @Override
    public void jaccard(Column a, Column b, double[] out) {
        copy(call("hll_jaccard", Result.FLOAT64).bytes(a).bytes(b), out);
    }

    @Override
    public Column create(Column ids, long precision) {
        return call("hll_create", Result.BINARY).text(ids).number(precision).sketches();
    }

    @Override
    public byte[] empty(long precision) {
        return call("empty_hll", Result.BINARY).rows(1).number(precision).sketches().row(0);
    }

    @Override
    public Column union(Column a, Column b) {
        return call("hll_union", Result.BINARY).bytes(a).bytes(b).sketches();
    }

    @Override
    public Column reduce(Column sketches, long precision) {
        return call("hll_reduce", Result.BINARY).bytes(sketches).number(precision).sketches();
    }

    private static void copy(ScalarCall call, long[] out) {
        long[] words = call.words();
        System.arraycopy(words, 0, out, 0, words.length);
    }

    private static void copy(ScalarCall call, double[] out) {
        long[] words = call.words();
        for (int i = 0; i < words.length; i++) {
            out[i] = Double.longBitsToDouble(words[i]);
        }
    }
}
