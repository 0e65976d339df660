// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.facebook.presto.common.type.BigintType;
import com.facebook.presto.common.type.VarbinaryType;
import com.facebook.presto.common.type.VarcharType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PrestoDB as it is released, with nothing of ours in it, calls the sidecar over HTTP. */
class RestTest {
    private static final Tables TABLES = new Tables();
    private static final byte[] A = HexFormat.of().parseHex("030cc50202"); // hll_create('a')
    private static Sql sql;

    @BeforeAll
    static void start() {
        sql = Engines.unmodified(TABLES);
        TABLES.put(
                "sketches",
                List.of(new Tables.Column("s", VarbinaryType.VARBINARY), new Tables.Column("n", BigintType.BIGINT)),
                Arrays.asList(
                        Arrays.asList(A, 1L),
                        Arrays.asList(null, 2L),
                        Arrays.asList(HexFormat.of().parseHex("030c"), 3L)));
        TABLES.put(
                "spoilt",
                List.of(new Tables.Column("s", VarbinaryType.VARBINARY)),
                List.of(List.of(A), List.of(HexFormat.of().parseHex("090c00"))));
        List<List<Object>> ids = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            ids.add(Arrays.asList(i % 10 == 0 ? null : "client-" + i));
        }
        TABLES.put("ids", List.of(new Tables.Column("id", VarcharType.VARCHAR)), ids);
    }

    @AfterAll
    static void stop() {
        sql.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "to_hex(hll_create('a')) | 030CC50202",
                "to_hex(hll_create('a', 14)) | 030EC52206",
                "to_hex(hll_create(BIGINT '7')) | 030C160902",
                "to_hex(hll_create(BIGINT '-7', 14)) | 030E360102",
                "to_hex(empty_hll()) | 030C",
                "to_hex(empty_hll(24)) | 0318",
                "cardinality(X'030CC50202') | 1",
                "hll_cardinality(X'030C010005') | 1",
                "hll_precision(X'0318') | 24",
                "to_hex(hll_check(X'030CC50202')) | 030CC50202",
                "to_hex(to_hll(X'030CC50202')) | 030CC50202",
                "to_hex(hll_unite(X'030C', X'030CC50202')) | 030CC50202",
                "to_hex(hll_reduce(X'030E', 12)) | 030C",
                "to_hex(hll_union(X'030C', X'030CC50202')) | 030CC50202",
                "to_hex(hll_union(ARRAY[X'030C', NULL, X'030CC50202'])) | 030CC50202",
                "round(hll_estimate(X'030CC50202'), 3) | 1.0",
                "hll_bounds(X'030C', 2).lower | 0.0",
                "hll_intersection(X'030CC50202', X'030C').estimate | 0.0",
                "hll_jaccard(X'030C', X'030C') | 1.0"
            })
    void everyScalarGivesItsValue(String expression, String expected) {
        assertEquals(expected, String.valueOf(sql.value("SELECT " + qualified(expression))));
    }

    /** With the functions' catalog and schema, which PrestoDB wants. */
    private static String qualified(String expression) {
        return expression.replaceAll("\\b(hll_\\w+|to_hll|empty_hll|cardinality)\\(", "rest.default.$1(");
    }

    @Test
    void theCatalogueIsListed() {
        List<String> listed = sql.rows("SHOW FUNCTIONS LIKE 'rest.default.%'").stream()
                .map(row -> row.get(0).toString())
                .distinct()
                .sorted()
                .collect(Collectors.toList());
        assertEquals(
                List.of(
                                "cardinality",
                                "empty_hll",
                                "histogram_buckets",
                                "histogram_mean",
                                "histogram_percentile",
                                "hll_bounds",
                                "hll_cardinality",
                                "hll_check",
                                "hll_create",
                                "hll_estimate",
                                "hll_intersection",
                                "hll_jaccard",
                                "hll_precision",
                                "hll_reduce",
                                "hll_union",
                                "hll_unite",
                                "to_hll")
                        .stream()
                        .map(name -> "rest.default." + name)
                        .collect(Collectors.toList()),
                listed);
    }

    @Test
    void nullGivesNull() {
        assertEquals(
                Arrays.asList(List.of(0L), List.of(1L), Arrays.asList((Object) null)),
                sql.rows("SELECT c FROM (SELECT rest.default.hll_cardinality(s) AS c FROM sketches) ORDER BY c"));
        assertNull(sql.value("SELECT rest.default.hll_create(CAST(NULL AS varchar))"));
        assertNull(sql.value("SELECT rest.default.hll_union(CAST(NULL AS varbinary), X'030C')"));
    }

    @Test
    void arraysMayBeEmptyAndNullAndHoldNulls() {
        assertNull(sql.value("SELECT rest.default.hll_union(CAST(ARRAY[] AS array(varbinary)))"));
        assertNull(sql.value("SELECT rest.default.hll_union(CAST(NULL AS array(varbinary)))"));
        assertNull(sql.value("SELECT rest.default.hll_union(ARRAY[CAST(NULL AS varbinary)])"));
        assertArrayEquals(A, (byte[])
                sql.value("SELECT rest.default.hll_union(a) FROM (SELECT array_agg(s) AS a FROM sketches)"));
    }

    @Test
    void aHundredThousandRows() {
        assertEquals(
                List.of(List.of(100_000L, 90_000L, 90_000L)),
                sql.rows("SELECT count(*), count(c), sum(c) FROM"
                        + " (SELECT rest.default.hll_cardinality(s) AS c FROM"
                        + " (SELECT rest.default.hll_create(id) AS s FROM ids))"));
    }

    @Test
    void theErrorNamesWhatWasWrong() {
        String message = sql.failure("SELECT rest.default.hll_cardinality(s) FROM spoilt");
        assertTrue(message.contains("hll_cardinality(varbinary): row 1 of the page: hll: "), message);
        assertTrue(message.contains("Unknown block encoding (none: this is the function's error)"), message);
        String line = FunctionServer.shared().logged("\"request failed\"", "\"code\":\"malformed\"");
        assertTrue(line.contains("\"function\":\"hll_cardinality(binary)\"") && line.contains("\"row\":1"), line);
    }

    @Test
    void aPrecisionOutOfRangeIsNamed() {
        String message = sql.failure("SELECT rest.default.hll_create('a', 25)");
        assertTrue(
                message.contains("hll_create(varchar, bigint): row 0 of the page: ") && message.contains("25"),
                message);
    }

    /** prestodb/presto issue 27674: 0.296 sends the columns of the page, also those that are no arguments. */
    @Test
    void columnsAsConstantArgumentsAreRejectedWithAlternative() {
        String message = sql.failure("SELECT n, rest.default.hll_cardinality(s) FROM sketches");
        assertTrue(
                message.contains("2 channels for 1 arguments. PrestoDB 0.296 may send columns that are not arguments"),
                message);
    }
}
