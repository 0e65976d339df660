// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Frames, each compared with the union that a self-join makes of the same rows; and pattern recognition. */
class WindowTest {
    private static final Sql SQL = Servers.shared();

    /** Forty days; day 17 has no row, day 23 has a NULL; client x is active on days x and x + 5 (mod 40). */
    @BeforeAll
    static void makeTable() {
        SQL.run("CREATE TABLE daily AS"
                + " SELECT channel, DATE '2016-09-05' + day * INTERVAL '1' DAY AS day,"
                + " if(day <> 23, merge(hll_create(id))) AS h FROM ("
                + " SELECT (x + shift) % 40 AS day, if(x % 3 = 0, 'beta', 'release') AS channel, id FROM "
                + Clients.first(2_000) + " CROSS JOIN (VALUES 0, 5) s (shift))"
                + " WHERE day <> 17 GROUP BY channel, day");
        assertEquals(78L, SQL.value("SELECT count(*) FROM daily"));
    }

    @Test
    void rowsFrameSlides() {
        assertSame(
                "SELECT channel, day, cardinality(merge(h) OVER (PARTITION BY channel ORDER BY day"
                        + " ROWS BETWEEN 6 PRECEDING AND 1 FOLLOWING)) FROM daily",
                "WITH n AS (SELECT channel, day, h, row_number() OVER (PARTITION BY channel ORDER BY day) AS r FROM daily)"
                        + " SELECT a.channel, a.day, cardinality(merge(b.h)) FROM n a JOIN n b"
                        + " ON a.channel = b.channel AND b.r BETWEEN a.r - 6 AND a.r + 1 GROUP BY a.channel, a.day");
    }

    @Test
    void rangeFrameSlidesOverDays() {
        assertSame(
                "SELECT channel, day, cardinality(merge(h) OVER (PARTITION BY channel ORDER BY day"
                        + " RANGE BETWEEN INTERVAL '27' DAY PRECEDING AND CURRENT ROW)) FROM daily",
                "SELECT a.channel, a.day, cardinality(merge(b.h)) FROM daily a JOIN daily b"
                        + " ON a.channel = b.channel AND b.day BETWEEN a.day - INTERVAL '27' DAY AND a.day"
                        + " GROUP BY a.channel, a.day");
    }

    @Test
    void aFrameFromTheBeginningGrows() {
        List<Object> expected = new ArrayList<>();
        for (long n = 1; n <= 6; n++) {
            expected.add(Clients.counted(n));
        }
        assertEquals(
                expected,
                SQL
                        .rows("SELECT cardinality(merge(hll_create(id)) OVER (ORDER BY x)) FROM " + Clients.first(6))
                        .stream()
                        .map(List::getFirst)
                        .toList());
        assertEquals(
                Clients.counted(1_000),
                SQL.value("SELECT max(c) FROM (SELECT cardinality(hll_agg(id) OVER (ORDER BY x)) AS c FROM "
                        + Clients.first(1_000) + ")"));
    }

    @Test
    void anEmptyFrameGivesNull() {
        assertEquals(
                List.of(Arrays.<Object>asList(1L), Arrays.<Object>asList((Object) null)),
                SQL.rows(
                        "SELECT cardinality(merge(hll_create(id)) OVER (ORDER BY x ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING))"
                                + " FROM " + Clients.first(2)));
    }

    @Test
    void thePartitionAsAWholeIsAFrameToo() {
        assertSame(
                "SELECT channel, day, cardinality(merge(h) OVER (PARTITION BY channel)) FROM daily",
                "SELECT channel, day, c FROM daily JOIN (SELECT channel, cardinality(merge(h)) AS c FROM daily GROUP BY 1)"
                        + " USING (channel)");
    }

    /**
     * Pattern recognition copies a state wherever matching may go two ways. Of every match the reach of its last row
     * is compared with the union of the rows of the match.
     */
    @Test
    void matchRecognizeForksItsStates() {
        assertSame(
                "SELECT day, reach FROM daily MATCH_RECOGNIZE ("
                        + " PARTITION BY channel ORDER BY day"
                        + " MEASURES cardinality(merge(h)) AS reach"
                        + " ALL ROWS PER MATCH AFTER MATCH SKIP TO NEXT ROW"
                        + " PATTERN (a b*? c)"
                        + " DEFINE b AS cardinality(merge(h)) < 400, c AS cardinality(merge(h)) >= 300)"
                        + " WHERE channel = 'release'",
                "WITH m AS (SELECT * FROM daily MATCH_RECOGNIZE ("
                        + " PARTITION BY channel ORDER BY day"
                        + " MEASURES match_number() AS m, first(day) AS since"
                        + " ALL ROWS PER MATCH AFTER MATCH SKIP TO NEXT ROW"
                        + " PATTERN (a b*? c)"
                        + " DEFINE b AS cardinality(merge(h)) < 400, c AS cardinality(merge(h)) >= 300))"
                        + " SELECT m.day, cardinality(merge(d.h)) FROM m JOIN daily d"
                        + " ON d.channel = m.channel AND d.day BETWEEN m.since AND m.day"
                        + " WHERE m.channel = 'release' GROUP BY m.m, m.day");
    }

    private static void assertSame(String sql, String oracle) {
        List<String> expected =
                SQL.rows(oracle).stream().map(Object::toString).sorted().toList();
        assertEquals(
                expected, SQL.rows(sql).stream().map(Object::toString).sorted().toList());
        if (expected.size() < 30) {
            throw new AssertionError("a comparison of " + expected.size() + " rows shows too little");
        }
    }
}
