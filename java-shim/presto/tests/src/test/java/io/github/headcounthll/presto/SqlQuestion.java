// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.common.type.ArrayType;
import com.facebook.presto.common.type.BigintType;
import com.facebook.presto.common.type.VarbinaryType;
import com.facebook.presto.common.type.VarcharType;
import io.github.headcounthll.presto.SqlRequest.Unreadable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a request of the conformance protocol asks, as the query that answers all requests of its kind at once: each
 * expression is one way to put it in SQL, and gives the answer as text. All ways have to give the same.
 */
enum SqlQuestion {
    CHECK(
            1,
            "if(cast(cast(a AS HLL) AS varbinary) = a, '', 'changed')",
            "if(cast(to_hll(a) AS varbinary) = a, '', 'changed')"),
    PRECISION(1, "cast(hll_precision(cast(a AS HLL)) AS varchar)", "cast(hll_precision(a) AS varchar)"),
    CARDINALITY(
            1,
            "cast(cardinality(cast(a AS HLL)) AS varchar)",
            "cast(hll_cardinality(cast(a AS HLL)) AS varchar)",
            "cast(hll_cardinality(a) AS varchar)"),
    IMPROVED(1, bits("hll_estimate(cast(a AS HLL))"), bits("hll_estimate(a)")),
    BOUNDS(
            1,
            bits("hll_bounds(cast(a AS HLL), n).lower", "hll_bounds(cast(a AS HLL), n).upper"),
            bits("hll_bounds(a, n).lower", "hll_bounds(a, n).upper")),
    REDUCE(1, hex("hll_reduce(cast(a AS HLL), n)"), bytesHex("hll_reduce(a, n)")),
    UNION(
            2,
            hex("hll_union(cast(a AS HLL), cast(b AS HLL))"),
            hex("hll_union(ARRAY[cast(a AS HLL), cast(b AS HLL)])"),
            hex("hll_unite(to_hll(a), to_hll(b))"),
            bytesHex("hll_union(a, b)"),
            bytesHex("hll_union(ARRAY[a, b])"),
            bytesHex("hll_unite(a, b)")),
    INTERSECT(
            2,
            bits(
                    "hll_intersection(cast(a AS HLL), cast(b AS HLL)).estimate",
                    "hll_intersection(cast(a AS HLL), cast(b AS HLL)).lower",
                    "hll_intersection(cast(a AS HLL), cast(b AS HLL)).upper")),
    JACCARD(2, bits("hll_jaccard(cast(a AS HLL), cast(b AS HLL))"), bits("hll_jaccard(a, b)")),
    EMPTY(0, hex("empty_hll(n)")),
    CREATE(1, hex("hll_create(t, n)")),
    CREATE_INT64(1, hex("hll_create(cast(t AS bigint), n)")),
    MERGE(
            "requests WHERE a IS NOT NULL AND try(cast(a AS HLL)) IS NULL",
            hex("merge(cast(a AS HLL))"),
            hex("hll_merge(cast(a AS HLL))"),
            bytesHex("hll_merge(a)")),
    BUILD(SqlQuestion.OF_NO_PRECISION, hex("hll_agg(t, n)"), hex("hll_agg(a, n)")),
    /** Create and build of ids that are no text, which SQL keeps as varbinary. */
    BUILD_OF_BYTES(SqlQuestion.OF_NO_PRECISION, hex("hll_agg(a, n)")),
    HISTOGRAM_AGGREGATE("requests WHERE cardinality(x) < 2", "aggregate_histograms(x)"),
    HISTOGRAM_SUM("requests WHERE false", "histogram_sum(x)"),
    HISTOGRAM_MEAN(2, bits("histogram_mean(x, y)")),
    HISTOGRAM_PERCENTILE(3, bits("histogram_percentile(y, z, from_ieee754_64(a))")),
    HISTOGRAM_BUCKETS(1, "histogram_buckets(t, n3, n2, n)");

    /** Any number of byte strings, each a row of one group. */
    private static final int ANY = -1;

    /** Once a request: a call of a scalar by value is an exchange. */
    private static final String OF_NO_PRECISION =
            "(SELECT DISTINCT request, n FROM requests) WHERE try(empty_hll(n)) IS NULL";

    /**
     * Of a request, and the rows of an aggregation: its place, its numbers, its byte strings, the first as text, and all
     * as arrays.
     */
    private static final List<Tables.Column> COLUMNS = List.of(
            new Tables.Column("request", BigintType.BIGINT),
            new Tables.Column("n", BigintType.BIGINT),
            new Tables.Column("a", VarbinaryType.VARBINARY),
            new Tables.Column("b", VarbinaryType.VARBINARY),
            new Tables.Column("t", VarcharType.VARCHAR),
            new Tables.Column("n2", BigintType.BIGINT),
            new Tables.Column("n3", BigintType.BIGINT),
            new Tables.Column("x", new ArrayType(BigintType.BIGINT)),
            new Tables.Column("y", new ArrayType(BigintType.BIGINT)),
            new Tables.Column("z", new ArrayType(BigintType.BIGINT)));

    private final int fields;
    private final String query;
    private final String rejected;

    /** A scalar function with {@code fields} arguments of byte strings. */
    SqlQuestion(int fields, String... ways) {
        this(fields, ways, "requests WHERE try(" + ways[0] + ") IS NULL", "");
    }

    /** An aggregation, and where TRY finds requests that are rejected; some are for reasons that lie in no single row. */
    SqlQuestion(String rejectedFrom, String... ways) {
        this(ANY, ways, rejectedFrom, " GROUP BY request");
    }

    SqlQuestion(int fields, String[] ways, String rejectedFrom, String grouping) {
        this.fields = fields;
        query = "SELECT request, " + String.join(", ", ways) + " FROM requests" + grouping;
        rejected = "SELECT DISTINCT request FROM " + rejectedFrom;
    }

    private static String hex(String sketch) {
        return bytesHex("cast(" + sketch + " AS varbinary)");
    }

    private static String bytesHex(String bytes) {
        return "lower(to_hex(" + bytes + "))";
    }

    private static String bits(String... doubles) {
        return Arrays.stream(doubles)
                .map(value -> "lower(to_hex(to_ieee754_64(" + value + ")))")
                .collect(Collectors.joining(" || ' ' || "));
    }

    static SqlQuestion of(String verb) throws Unreadable {
        for (SqlQuestion question : values()) {
            if (question != BUILD_OF_BYTES
                    && question.name().toLowerCase(Locale.ROOT).equals(verb)) {
                return question;
            }
        }
        throw new Unreadable(verb + ": SQL has no function for it");
    }

    /** How many numbers precede its byte strings. */
    int numbers() {
        return switch (this) {
            case CREATE, CREATE_INT64, BUILD, BUILD_OF_BYTES, EMPTY, REDUCE, BOUNDS -> 1;
            case HISTOGRAM_BUCKETS -> 3;
            default -> 0;
        };
    }

    /** The first of its byte strings that is an array of integers; the later ones are too. */
    int firstArray() {
        return switch (this) {
            case HISTOGRAM_AGGREGATE, HISTOGRAM_SUM, HISTOGRAM_MEAN -> 0;
            case HISTOGRAM_PERCENTILE -> 1;
            default -> Integer.MAX_VALUE;
        };
    }

    /** Are its fields whole numbers, not bytes? */
    boolean takesIntegers() {
        return this == CREATE_INT64;
    }

    boolean takesNulls() {
        return this == MERGE || this == HISTOGRAM_AGGREGATE || this == HISTOGRAM_SUM;
    }

    boolean takes(int strings) {
        return fields == ANY ? strings > 0 : strings == fields;
    }

    /** The question for ids that are all text, or not. */
    SqlQuestion forText(boolean text) {
        return !text && (this == CREATE || this == BUILD) ? BUILD_OF_BYTES : this;
    }

    /** The answers to requests of this kind: of each its place and what each way gives. */
    List<List<Object>> ask(Sql sql, Tables tables, List<SqlRequest> requests) {
        List<List<Object>> rows = new ArrayList<>();
        for (SqlRequest request : requests) {
            if (fields == ANY) {
                request.fields().forEach(field -> rows.add(row(request, Collections.singletonList(field))));
            } else {
                rows.add(row(request, request.fields()));
            }
        }
        tables.put("requests", COLUMNS, rows);
        return sql.rows(query);
    }

    /** Splits the requests of a failed query into shorter lists. A request that TRY finds invalid is a list of its own. */
    List<List<SqlRequest>> divide(Sql sql, List<SqlRequest> requests) {
        Set<Object> places = sql.rows(rejected).stream().map(row -> row.get(0)).collect(Collectors.toSet());
        Map<Boolean, List<SqlRequest>> found = requests.stream()
                .collect(Collectors.partitioningBy(request -> places.contains((long) request.place())));
        List<SqlRequest> sound = found.get(false);
        if (sound.size() == requests.size()) {
            int half = requests.size() / 2;
            return List.of(requests.subList(0, half), requests.subList(half, requests.size()));
        }
        return Stream.concat(Stream.of(sound), found.get(true).stream().map(List::of))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.toList());
    }

    private List<Object> row(SqlRequest request, List<byte[]> strings) {
        List<Long> numbers = request.numbers();
        return Arrays.asList(
                (long) request.place(),
                at(numbers, 0),
                at(strings, 0),
                at(strings, 1),
                at(strings, 0),
                at(numbers, 1),
                at(numbers, 2),
                array(strings, 0),
                array(strings, 1),
                array(strings, 2));
    }

    /** An element, or null. */
    private static <T> T at(List<T> list, int place) {
        return place < list.size() ? list.get(place) : null;
    }

    private long[] array(List<byte[]> strings, int place) {
        byte[] encoded = at(strings, place);
        if (encoded == null || place < firstArray()) {
            return null;
        }
        long[] elements = new long[encoded.length / Long.BYTES];
        ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(elements);
        return elements;
    }
}
