// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.facebook.presto.common.Page;
import com.facebook.presto.common.block.Block;
import com.facebook.presto.common.block.DictionaryBlock;
import com.facebook.presto.common.block.LongArrayBlock;
import com.facebook.presto.common.block.RunLengthEncodedBlock;
import com.facebook.presto.common.type.BigintType;
import com.facebook.presto.common.type.VarbinaryType;
import com.facebook.presto.common.type.VarcharType;
import io.github.headcounthll.sidecar.SidecarServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With the functions in a server, a column goes there by the block: a call a row would cost seconds. */
class SidecarBlocksTest {
    private static final int ROWS = 5_000;
    private static final int NO_SKETCH = 77;
    /** One in fifty is NULL, and one is no sketch. */
    private static final long SOUND = ROWS - ROWS / 50 - 1;
    /** A few for each thread, and as many again to merge. */
    private static final long FEW = 60;

    private static final Tables TABLES = new Tables();
    private static SidecarServer sidecar;
    private static Sql sql;

    @BeforeAll
    static void start() {
        sidecar = SidecarServer.start("--log-level=debug");
        sql = Engines.withPlugin(TABLES, sidecar);
    }

    /** Blocks that no thread has seen, nor keeps the answers of. */
    @BeforeEach
    void fill() {
        List<Tables.Column> columns = List.of(
                new Tables.Column("g", BigintType.BIGINT),
                new Tables.Column("id", VarcharType.VARCHAR),
                new Tables.Column("b", VarbinaryType.VARBINARY));
        List<List<Object>> rows = new ArrayList<>();
        byte[] sketch = (byte[]) sql.value("SELECT cast(hll_create('a') AS varbinary)");
        for (int x = 0; x < ROWS; x++) {
            byte[] b = x == NO_SKETCH ? new byte[1] : x % 50 == 5 ? null : sketch.clone();
            rows.add(Arrays.asList(x % 3L, Integer.toString(x), b));
        }
        TABLES.put("many", columns, rows);
        TABLES.put(
                "pointing",
                new Tables.Table(columns, pointing(TABLES.get("many").pages().get(0))));
    }

    /** Pages of a dictionary's ids, of one value again and again, and of one NULL. */
    private static List<Page> pointing(Page page) {
        int[] ids = IntStream.range(0, 2 * ROWS).map(i -> i % ROWS).toArray();
        Block groups = new LongArrayBlock(ids.length, Optional.empty(), new long[ids.length]);
        Block names = new DictionaryBlock(page.getBlock(1), ids);
        Block one = page.getBlock(2).getSingleValueBlock(0);
        Block none = page.getBlock(2).getSingleValueBlock(5);
        return List.of(
                new Page(groups, names, new DictionaryBlock(page.getBlock(2), ids)),
                new Page(groups, names, new RunLengthEncodedBlock(one, ids.length)),
                new Page(groups, names, new RunLengthEncodedBlock(none, ids.length)));
    }

    @AfterAll
    static void stop() {
        sql.close();
        sidecar.close();
    }

    @ParameterizedTest
    @MethodSource("io.github.headcounthll.sidecar.ColumnExpressions#byBlock")
    void aColumnGoesInFewExchanges(String expression) {
        long before = sidecar.exchanges();
        // The row that is no sketch is left out by a filter: it must not fail the query, though its block is evaluated.
        assertEquals(SOUND, sql.value("SELECT " + expression + " FROM many WHERE b IS NULL OR length(b) > 1"));
        assertFew(before);
    }

    /** With a second column, so that PrestoDB does not evaluate the dictionary in our place. */
    @Test
    void rowsThatPointAtOthersGoWithThem() {
        long before = sidecar.exchanges();
        assertEquals(
                2 * SOUND + 2 * ROWS,
                sql.value("SELECT sum(if(g = 0, hll_cardinality(b), 0)) FROM pointing"
                        + " WHERE b IS NULL OR length(b) > 1"));
        assertEquals(
                2 * SOUND + 2 * ROWS,
                sql.value("SELECT sum(cardinality(cast(b AS HLL)) + g) FROM pointing"
                        + " WHERE b IS NULL OR length(b) > 1"));
        assertFew(before);
    }

    @Test
    void anAggregationOverACastColumnGoesInFewExchanges() {
        long before = sidecar.exchanges();
        assertEquals(
                3,
                sql.rows("SELECT g, cardinality(merge(cast(b AS HLL))) FROM many" + " WHERE length(b) > 1 GROUP BY g")
                        .size());
        assertFew(before);
    }

    private static void assertFew(long before) {
        long exchanges = sidecar.exchanges() - before;
        assertTrue(exchanges > 0 && exchanges <= FEW, exchanges + " exchanges for " + ROWS + " rows");
    }

    @Test
    void aRowThatIsNoSketchFailsTheQueryThatAsksForIt() {
        for (String asks : List.of("count(cast(b AS HLL))", "sum(hll_cardinality(b))")) {
            String message = sql.failure("SELECT " + asks + " FROM many");
            assertTrue(message.contains("hll: "), message);
        }
    }

    @Test
    void tryCastGivesNullForThatRowAlone() {
        assertEquals(SOUND, sql.value("SELECT count(try_cast(b AS HLL)) FROM many"));
        assertEquals(SOUND, sql.value("SELECT count(try(cast(b AS HLL))) FROM many"));
        assertNull(sql.value("SELECT try(hll_cardinality(b)) FROM many WHERE length(b) = 1"));
    }

    @Test
    void aParameterThatChangesWithTheRowsIsTheRowsOwn() {
        assertEquals(3L, sql.value("SELECT count(DISTINCT hll_precision(hll_create(id, 10 + g))) FROM many"));
        assertEquals(
                SOUND,
                sql.value("SELECT count_if(hll_precision(hll_reduce(cast(b AS HLL), 4 + x % 9)) = 4 + x % 9)"
                        + " FROM (SELECT b, cast(id AS bigint) AS x FROM many WHERE length(b) > 1)"));
    }
}
