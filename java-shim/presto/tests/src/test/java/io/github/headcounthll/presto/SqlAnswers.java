// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.spi.PrestoException;
import io.github.headcounthll.core.api.ErrorCode;
import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.presto.SqlRequest.Unreadable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Answers requests of the conformance protocol by queries, many to a query. */
final class SqlAnswers {
    private final Sql sql;
    private final Tables tables;

    SqlAnswers(Sql sql, Tables tables) {
        this.sql = sql;
        this.tables = tables;
    }

    /** The answer to each line, in order. */
    String[] answers(List<String> lines) {
        String[] answers = new String[lines.size()];
        Map<SqlQuestion, List<SqlRequest>> asked = new EnumMap<>(SqlQuestion.class);
        for (int place = 0; place < answers.length; place++) {
            try {
                SqlRequest request = SqlRequest.of(place, lines.get(place));
                asked.computeIfAbsent(request.question(), question -> new ArrayList<>())
                        .add(request);
            } catch (Unreadable e) {
                answers[place] = error("unknown", e.getMessage());
            }
        }
        asked.forEach((question, requests) -> answer(question, requests, answers));
        return answers;
    }

    /** One invalid row fails a query: the requests are then divided, down to the invalid one. */
    private void answer(SqlQuestion question, List<SqlRequest> requests, String[] answers) {
        List<List<Object>> rows;
        try {
            rows = question.ask(sql, tables, requests);
        } catch (RuntimeException e) {
            if (requests.size() == 1) {
                answers[requests.get(0).place()] = error(e);
            } else {
                question.divide(sql, requests).forEach(part -> answer(question, part, answers));
            }
            return;
        }
        for (List<Object> row : rows) {
            answers[((Number) row.get(0)).intValue()] = answer(row.subList(1, row.size()));
        }
        for (SqlRequest request : requests) {
            if (answers[request.place()] == null) {
                answers[request.place()] = error("internal", "the query has no row for the request");
            }
        }
    }

    private static String answer(List<Object> ways) {
        if (ways.stream().distinct().count() != 1) {
            return error("internal", "one question, several answers: " + ways);
        }
        String text = ways.get(0) instanceof List<?> array ? hex(array) : String.valueOf(ways.get(0));
        return text.isEmpty() ? "ok" : "ok " + text;
    }

    /** An array of integers, 8 bytes each, the least significant first. */
    private static String hex(List<?> array) {
        ByteBuffer encoded = ByteBuffer.allocate(array.size() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        array.forEach(element -> encoded.putLong((Long) element));
        return HexFormat.of().formatHex(encoded.array());
    }

    /** PrestoDB's own code of an error has to blame the query; which of the protocol's it is, only its cause tells. */
    private static String error(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PrestoException presto
                    && presto.getErrorCode().getName().startsWith("INVALID_")
                    && presto.getCause() instanceof HeadcountException thrown) {
                return error(
                        thrown.code() == ErrorCode.ARGUMENT
                                ? "unknown"
                                : thrown.code().name().toLowerCase(Locale.ROOT),
                        presto.getMessage());
            }
        }
        return error("internal", failure.toString());
    }

    private static String error(String code, String message) {
        return "error " + code + " " + message.replaceAll("[^ -~]", "?");
    }
}
