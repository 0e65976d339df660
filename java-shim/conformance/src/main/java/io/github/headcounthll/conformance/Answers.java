// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.conformance;

import io.github.headcounthll.conformance.Request.Unreadable;
import io.github.headcounthll.core.api.ArraySum;
import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.api.ErrorCode;
import io.github.headcounthll.core.api.Functions;
import io.github.headcounthll.core.api.GroupedSketches;
import io.github.headcounthll.core.api.HeadcountException;
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
            return error(
                    e.code() == ErrorCode.ARGUMENT ? "unknown" : e.code().name().toLowerCase(Locale.ROOT),
                    e.getMessage());
        } catch (RuntimeException e) {
            return error("internal", e.toString());
        }
    }

    private static String error(String code, String message) {
        return "error " + code + " " + message.replaceAll("[^ -~]", "?");
    }

    private String result(Request request) throws Unreadable {
        String verb = request.next();
        return switch (verb) {
            case "build" -> build(request.number(), request.allBytes(false));
            case "merge" -> merge(backend.newSketches(1), request.allBytes(true));
            case "histogram_aggregate" -> merge(backend.newSums(ArraySum.HISTOGRAMS, 1), request.allBytes(true));
            case "histogram_sum" -> merge(backend.newSums(ArraySum.ARRAYS, 1), request.allBytes(true));
            default -> ScalarRequests.answer(functions, verb, request);
        };
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

    private static String merge(GroupedSketches group, List<byte[]> rows) {
        forEachInOneArray(
                rows.stream().filter(Objects::nonNull).toList(),
                (array, start, length) -> group.merge(0, array, start, length));
        byte[] result = group.sketch(0);
        return result == null ? "null" : hex(result);
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

    static String hex(byte[] sketch) {
        return HexFormat.of().formatHex(sketch);
    }

    static String bitsOrNull(double value) {
        return Double.isNaN(value) ? "null" : bits(value);
    }

    static String bits(double... values) {
        StringBuilder text = new StringBuilder();
        for (double value : values) {
            text.append(text.isEmpty() ? "" : " ")
                    .append(HexFormat.of().toHexDigits(Double.doubleToRawLongBits(value)));
        }
        return text.toString();
    }
}
