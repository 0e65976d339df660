// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The query that the plugin is for, as it stands in sql/, over the fixture. */
class CountQueryTest {
    private static final Sql SQL = Engines.withPlugin();

    @BeforeAll
    static void load() throws Exception {
        Fixture.load(Engines.tables(), "client_count");
        Fixture.load(Engines.tables(), "client_count_sparse");
    }

    private static List<List<String>> text(List<List<Object>> rows) {
        return rows.stream()
                .map(row -> row.stream()
                        .map(value -> value == null ? "" : value.toString())
                        .collect(Collectors.toList()))
                .collect(Collectors.toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_count", "client_count_sparse"})
    void givesWhatTheOriginalGives(String table) throws Exception {
        String query = Fixture.query("channel_counts.sql").replace("FROM client_count\n", "FROM " + table + "\n");
        assertEquals(Fixture.expected("expected_seed_query.csv"), text(SQL.rows(query)));
    }

    @Test
    void sparksNamesGiveTheSame() throws Exception {
        assertEquals(
                Fixture.expected("expected_by_os.csv").stream()
                        .map(row -> row.subList(0, 2))
                        .collect(Collectors.toList()),
                text(SQL.rows("SELECT os, hll_cardinality(hll_merge(hll)) FROM client_count GROUP BY os ORDER BY os")));
    }
}
