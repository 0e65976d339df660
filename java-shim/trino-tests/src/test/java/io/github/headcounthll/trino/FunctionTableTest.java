package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is registered is what the function table says, no more and no less. */
class FunctionTableTest {
    private static final Sql SQL = Servers.shared();

    /** name(arguments) result kind. The casts are TypeTest's. */
    private static final Set<String> TABLE = Set.of(
            "cardinality(HLL) bigint scalar",
            "empty_hll() HLL scalar",
            "empty_hll(bigint) HLL scalar",
            "hll_agg(bigint) HLL aggregate",
            "hll_agg(bigint, bigint) HLL aggregate",
            "hll_agg(varbinary) HLL aggregate",
            "hll_agg(varbinary, bigint) HLL aggregate",
            "hll_agg(varchar(x)) HLL aggregate",
            "hll_agg(varchar(x), bigint) HLL aggregate",
            "hll_bounds(HLL, bigint) row(lower double,upper double) scalar",
            "hll_cardinality(HLL) bigint scalar",
            "hll_cardinality(varbinary) bigint scalar",
            "hll_create(varchar(x)) HLL scalar",
            "hll_create(varchar(x), bigint) HLL scalar",
            "hll_estimate(HLL) double scalar",
            "hll_intersection(HLL, HLL) row(estimate double,lower double,upper double) scalar",
            "hll_jaccard(HLL, HLL) double scalar",
            "hll_merge(HLL) HLL aggregate",
            "hll_merge(varbinary) varbinary aggregate",
            "hll_precision(HLL) bigint scalar",
            "hll_reduce(HLL, bigint) HLL scalar",
            "hll_union(HLL, HLL) HLL scalar",
            "hll_union(array(HLL)) HLL scalar",
            "merge(HLL) HLL aggregate");

    @Test
    void registrationEqualsTheTable() {
        assertEquals(
                TABLE.stream().map(FunctionTableTest::asListed).sorted().toList(),
                registered().stream()
                        .map(row -> asListed("%s(%s) %s %s".formatted(row.get(0), row.get(2), row.get(1), row.get(3))))
                        .sorted()
                        .toList());
    }

    @Test
    void everythingIsDeterministicAndDescribed() {
        for (List<Object> row : registered()) {
            assertEquals(true, row.get(4), row.toString());
            assertTrue(row.get(5).toString().length() > 10, row.toString());
        }
    }

    /** SHOW FUNCTIONS writes types in lower case, and quotes the names of fields. */
    private static String asListed(String signature) {
        return signature.toLowerCase(Locale.ROOT).replace("\"", "").replace(", ", ",");
    }

    private static List<List<Object>> registered() {
        return SQL.rows("SHOW FUNCTIONS").stream()
                .filter(row -> row.get(0).toString().contains("hll")
                        || (row.get(1) + ", " + row.get(2)).matches(".*\\bhll\\b.*"))
                .toList();
    }
}
