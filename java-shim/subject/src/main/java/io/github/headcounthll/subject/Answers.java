package io.github.headcounthll.subject;

import io.github.headcounthll.core.Backend;
import io.github.headcounthll.core.ErrorCode;
import io.github.headcounthll.core.Functions;
import io.github.headcounthll.core.GroupedSketches;
import io.github.headcounthll.core.HeadcountException;
import io.github.headcounthll.subject.Request.Unreadable;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Answers requests of the conformance protocol; merge and build go through the grouped state, as a plugin's do. */
final class Answers {
    private final Backend backend;
    private final Functions functions;

    Answers(Backend backend) {
        this.backend = backend;
        this.functions = backend.functions();
    }

    /** The answer to one line, both without their ends. */
    String answer(String line) {
        try {
            String result = result(new Request(line));
            return result.isEmpty() ? "ok" : "ok " + result;
        } catch (Unreadable e) {
            return error("unknown", e.getMessage());
        } catch (HeadcountException e) {
            return error(e.code() == ErrorCode.ARGUMENT ? "unknown" : e.code().name().toLowerCase(Locale.ROOT), e.getMessage());
        } catch (RuntimeException e) {
            return error("internal", e.toString());
        }
    }

    private static String error(String code, String message) {
        return "error " + code + " " + message.replaceAll("[^ -~]", "?");
    }

    private String result(Request request) throws Unreadable {
        String verb = request.verb();
        return switch (verb) {
            case "create" -> create(request);
            case "build" -> build(request.number(), request.allBytes());
            case "empty" -> empty(request);
            case "check" -> check(request);
            case "precision" -> precision(request);
            case "cardinality" -> cardinality(request);
            case "estimate" -> estimate(request);
            case "improved" -> improved(request);
            case "bounds" -> bounds(request);
            case "union" -> union(request);
            case "merge" -> merge(request.bytesOrNulls());
            case "reduce" -> reduce(request);
            case "intersect" -> intersect(request);
            case "jaccard" -> jaccard(request);
            default -> throw new Unreadable("no request of this name");
        };
    }

    private String create(Request request) throws Unreadable {
        long precision = request.number();
        byte[] id = request.bytes();
        request.end();
        return hex(functions.create(id, 0, id.length, precision));
    }

    private String empty(Request request) throws Unreadable {
        long precision = request.number();
        request.end();
        return hex(functions.empty(precision));
    }

    private String check(Request request) throws Unreadable {
        byte[] sketch = sketch(request);
        functions.check(sketch, 0, sketch.length);
        return "";
    }

    private String precision(Request request) throws Unreadable {
        byte[] sketch = sketch(request);
        return Long.toString(functions.precision(sketch, 0, sketch.length));
    }

    private String cardinality(Request request) throws Unreadable {
        byte[] sketch = sketch(request);
        return Long.toString(functions.cardinality(sketch, 0, sketch.length));
    }

    private String estimate(Request request) throws Unreadable {
        byte[] sketch = sketch(request);
        return bits(functions.compatibleEstimate(sketch, 0, sketch.length));
    }

    private String improved(Request request) throws Unreadable {
        byte[] sketch = sketch(request);
        return bits(functions.estimate(sketch, 0, sketch.length));
    }

    private String bounds(Request request) throws Unreadable {
        long sigmas = request.number();
        byte[] sketch = sketch(request);
        return bits(functions.bounds(sketch, 0, sketch.length, sigmas));
    }

    private String reduce(Request request) throws Unreadable {
        long precision = request.number();
        byte[] sketch = sketch(request);
        return hex(functions.reduce(sketch, 0, sketch.length, precision));
    }

    private String union(Request request) throws Unreadable {
        byte[] a = request.bytes();
        byte[] b = sketch(request);
        return hex(functions.union(a, 0, a.length, b, 0, b.length));
    }

    private String intersect(Request request) throws Unreadable {
        byte[] a = request.bytes();
        byte[] b = sketch(request);
        return bits(functions.intersection(a, 0, a.length, b, 0, b.length));
    }

    private String jaccard(Request request) throws Unreadable {
        byte[] a = request.bytes();
        byte[] b = sketch(request);
        return bits(functions.jaccard(a, 0, a.length, b, 0, b.length));
    }

    /** The last field. */
    private static byte[] sketch(Request request) throws Unreadable {
        byte[] sketch = request.bytes();
        request.end();
        return sketch;
    }

    private String build(long precision, List<byte[]> ids) {
        byte[] empty = functions.empty(precision);
        if (ids.isEmpty()) {
            return hex(empty);
        }
        GroupedSketches group = backend.newSketches(1);
        forEachInOneArray(ids, (array, start, length) -> group.add(0, array, start, length, precision));
        return hex(group.sketch(0));
    }

    private String merge(List<byte[]> sketches) {
        GroupedSketches group = backend.newSketches(1);
        forEachInOneArray(sketches.stream().filter(Objects::nonNull).toList(),
                (array, start, length) -> group.merge(0, array, start, length));
        return group.isEmpty(0) ? "null" : hex(group.sketch(0));
    }

    private interface Row {
        void take(byte[] array, int start, int length);
    }

    /** As rows of a block: only rows of one array go in one batch. */
    private static void forEachInOneArray(List<byte[]> rows, Row row) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        rows.forEach(block::writeBytes);
        byte[] array = block.toByteArray();
        int start = 0;
        for (byte[] one : rows) {
            row.take(array, start, one.length);
            start += one.length;
        }
    }

    private static String hex(byte[] sketch) {
        return HexFormat.of().formatHex(sketch);
    }

    private static String bits(double... values) {
        StringBuilder text = new StringBuilder();
        for (double value : values) {
            text.append(text.isEmpty() ? "" : " ")
                    .append(HexFormat.of().toHexDigits(Double.doubleToRawLongBits(value)));
        }
        return text.toString();
    }
}
