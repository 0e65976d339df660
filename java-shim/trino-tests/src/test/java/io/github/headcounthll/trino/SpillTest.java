package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that revokes the memory of aggregations at once: states go to disk as encoded sketches and come back. */
class SpillTest {
    @TempDir
    static Path folder;

    private static Sql sql;

    @BeforeAll
    static void start() throws Exception {
        sql = Servers.distributed(Map.of(
                "spill-enabled", "true",
                "spiller-spill-path", folder.toString(),
                "spiller-max-used-space-threshold", "1.0",
                "memory-revoking-threshold", "0.0",
                "memory-revoking-target", "0.0"));
    }

    @AfterAll
    static void stop() {
        sql.close();
    }

    @Test
    void spilledGroupsComeBackWhole() {
        String ids = "SELECT y * 1000 + x AS id FROM UNNEST(sequence(0, 99)) a (y), UNNEST(sequence(0, 999)) b (x)";
        Sql.Answer answer = sql.answer("SELECT count(*), sum(c) FROM (SELECT id % 20000 AS g,"
                + " cardinality(merge(hll_create(cast(id AS varchar)))) AS c FROM (" + ids + ") GROUP BY 1)");
        assertEquals(20_000L, answer.rows().getFirst().get(0));
        // Five ids a group; at 4,096 registers one pair in some hundred groups collides.
        long sum = (Long) answer.rows().getFirst().get(1);
        assertTrue(sum > 99_900 && sum < 100_100, () -> "counted " + sum);
        assertTrue(answer.info().getQueryStats().getSpilledDataSize().toBytes() > 0, "nothing was spilled");
    }
}
