# SPDX-License-Identifier: Apache-2.0
"""SQL with expected rows. `@name` stands for a function's name, plain or in the catalog.

The sketches, hashes and cardinalities are those of the vectors (udf/conformance/vectors), which Algebird made.
"""

# 030CC50202 is the sketch of 'a' at 12 bits, 030C that of no ids.
A, EMPTY = "030CC50202", "030C"

IDS = "VALUES ('x', 'a'), ('x', 'b'), ('x', 'a'), ('y', 'c'), ('y', NULL), ('z', NULL) AS t (k, id)"
SKETCHES = f"(SELECT k, @hll_create(id, 12) AS s FROM {IDS}) AS s"
MANY = "(SELECT id, CAST(id AS STRING) AS name, id % 7 AS k FROM range(20000)) AS m"
LARGE = "(SELECT id % 1000 AS k, @hll_create(CAST(id % 5000 AS STRING), 12) AS s FROM range(20000)) AS m"
# Dense sketches of any registers: alike, spread, alike with exceptions, and of other precisions; each five times, in five tasks.
REGISTERS = ("VALUES (1, '020C', repeat('05060708090A0B0C', 512)), (2, '020C', repeat('0001101F20302A05', 512)),"
             " (3, '020C', concat('0000000000010203', repeat('0E0F101112131415', 510), '0014281401020304')),"
             " (4, '020C', concat(repeat('0E0F101112131415', 256), repeat('1F20302A05010203', 8), repeat('0E0F101112131415', 248))),"
             " (5, '020A', repeat('0306070809040404', 128)), (6, '0209', repeat('0306070809040404', 64)),"
             " (7, '0208', repeat('0306070809040404', 32)), (8, '0210', repeat('0102010203010505', 8192)) AS t (n, header, registers)")
# Ids of 0 to 128 bytes.
LENGTHS = "(SELECT n, substr(repeat(sha2(CAST(id AS STRING), 256), 2), 1, n) AS name FROM (SELECT id, CAST(id % 129 AS INT) AS n FROM range(0, 3000, 1, 2))) AS l"
DENSE = f"(SELECT n, unhex(concat(header, registers)) AS s FROM range(0, 5, 1, 5) CROSS JOIN {REGISTERS}) AS d"

# name, query, rows
ROWS = [
    ("create_of_a", "SELECT hex(@hll_create('a')), hex(@hll_create('a', 12))", [(A, A)]),
    ("create_of_null", "SELECT @hll_create(NULL), @hll_create('a', NULL), @hll_create(NULL, 12)", [(None,) * 3]),
    ("create_of_an_integer_hashes_its_text", "SELECT @hll_create(5, 12) = @hll_create('5', 12)", [(True,)]),
    ("empty", "SELECT hex(@empty_hll()), hex(@empty_hll(14)), @hll_cardinality(@empty_hll())", [(EMPTY, "030E", 0)]),
    ("cardinality", "SELECT @hll_cardinality(X'030C010005'), @hll_cardinality(NULL)", [(1, None)]),
    ("merge_of_groups", f"SELECT k, @hll_cardinality(@hll_merge(s)) FROM {SKETCHES} GROUP BY k ORDER BY k",
     [("x", 2), ("y", 1), ("z", None)]),
    ("merge_skips_null", f"SELECT hex(@hll_merge(s)) FROM (SELECT NULL AS s UNION ALL SELECT @hll_create('a'))", [(A,)]),
    ("merge_of_nothing_is_null", f"SELECT @hll_merge(s) FROM {SKETCHES} WHERE k = '-'", [(None,)]),
    ("merge_of_two_ids_is_sparse", "SELECT hex(@hll_merge(s)) FROM VALUES (X'030C010005'), (X'030C010007') AS t (s)",
     [("030C010007",)]),
    ("short_name", f"SELECT @hll_cardinality(@merge(s)) FROM {SKETCHES}", [(3,)]),
    ("filter_clause", f"SELECT @hll_cardinality(@hll_merge(s) FILTER (WHERE k = 'x')) FROM {SKETCHES}", [(2,)]),
    ("filtered_merge", f"SELECT @hll_cardinality(@hll_filtered_merge(s, k = 'x')), @hll_filtered_merge(s, k = '-') FROM {SKETCHES}",
     [(2, None)]),
    ("filtered_merge_takes_null_as_false", f"SELECT @hll_filtered_merge(s, CAST(NULL AS BOOLEAN)) FROM {SKETCHES}", [(None,)]),
    ("distinct", f"SELECT @hll_cardinality(@hll_merge(DISTINCT s)) FROM {SKETCHES}", [(3,)]),
    ("grouping_sets", f"SELECT k, @hll_cardinality(@hll_merge(s)) FROM {SKETCHES} GROUP BY GROUPING SETS ((k), ()) ORDER BY k NULLS FIRST",
     [(None, 3), ("x", 2), ("y", 1), ("z", None)]),
    ("pivot", f"SELECT @hll_cardinality(x), @hll_cardinality(y) FROM (SELECT k, s FROM {SKETCHES})"
     " PIVOT (@hll_merge(s) FOR k IN ('x' AS x, 'y' AS y))", [(2, 1)]),
    ("window_frame", f"SELECT k, @hll_cardinality(@hll_merge(s) OVER (ORDER BY k RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW))"
     f" FROM {SKETCHES} ORDER BY 1, 2", [("x", 2), ("x", 2), ("x", 2), ("y", 3), ("y", 3), ("z", 3)]),
    ("sliding_frame", "SELECT id, @hll_cardinality(@hll_agg(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW))"
     " FROM range(4) ORDER BY id", [(0, 1), (1, 2), (2, 2), (3, 2)]),
    ("having", f"SELECT k FROM {SKETCHES} GROUP BY k HAVING @hll_cardinality(@hll_merge(s)) > 1", [("x",)]),
    ("agg_equals_merge_of_create", f"SELECT k FROM {MANY} GROUP BY k HAVING @hll_agg(name) <> @hll_merge(@hll_create(name, 12))"
     " OR @hll_agg(id) <> @hll_agg(name) OR @hll_agg(CAST(name AS BINARY)) <> @hll_agg(name)", []),
    ("agg_of_every_length", f"SELECT n FROM {LENGTHS} GROUP BY n HAVING @hll_agg(name) <> @hll_merge(@hll_create(name, 12))"
     " OR @hll_agg(CAST(name AS BINARY)) <> @hll_agg(name)", []),
    ("agg_of_all_lengths", f"SELECT @hll_agg(name) = @hll_merge(@hll_create(name, 12)), @hll_agg(n) = @hll_merge(@hll_create(n, 12)) FROM {LENGTHS}",
     [(True, True)]),
    ("agg_at_a_precision", f"SELECT k FROM {MANY} GROUP BY k HAVING @hll_agg(id, 14) <> @hll_merge(@hll_create(name, 14))", []),
    ("agg_of_small_integers", "SELECT @hll_agg(a) = @hll_agg(CAST(a AS BIGINT)) FROM VALUES (1Y), (2Y) AS t (a)", [(True,)]),
    ("agg_of_null", "SELECT @hll_agg(CAST(NULL AS STRING)), @hll_agg(NULL)", [(None, None)]),
    ("many_groups_sort", f"SELECT count(*), sum(c) FROM (SELECT k, @hll_cardinality(@hll_merge(s)) AS c FROM {LARGE} GROUP BY k)",
     [(1000, 5000)]),
    ("many_groups_agree_with_one_pass", f"SELECT @hll_merge(s) = @hll_agg(CAST(n AS STRING)) FROM"
     f" (SELECT k, @hll_merge(s) AS s, max(k) AS n FROM (SELECT id AS k, @hll_create(CAST(id AS STRING), 12) AS s FROM range(3000)) GROUP BY k)",
     [(True,)]),
    ("states_of_any_registers", "SELECT n, max(c) FROM (SELECT n, count(*) AS c, first(s) AS s, @hll_merge(s) AS m FROM"
     f" {DENSE} GROUP BY n) WHERE m = @hll_unite(s, s) GROUP BY n ORDER BY n", [(n, 5) for n in range(1, 9)]),
    ("unite", "SELECT @hll_cardinality(@hll_unite(@hll_create('a'), @hll_create('b'))), @hll_unite(@empty_hll(), NULL)", [(2, None)]),
    ("unite_of_an_array", "SELECT @hll_cardinality(@hll_unite(array(@hll_create('a'), NULL, @hll_create('b')))),"
     " @hll_unite(array(CAST(NULL AS BINARY)))", [(2, None)]),
    ("to_hll", f"SELECT hex(@to_hll(X'{A}')), @to_hll(NULL)", [(A, None)]),
    ("try_to_hll", f"SELECT hex(@try_to_hll(s)) FROM VALUES (1, X'{A}'), (2, X'00'), (3, NULL), (4, X'') AS t (n, s) ORDER BY n",
     [(A,), (None,), (None,), (None,)]),
    ("precision", "SELECT @hll_precision(@empty_hll(24))", [(24,)]),
    ("reduce", "SELECT hex(@hll_reduce(@hll_create('a', 14), 12))", [(A,)]),
    ("bounds", "SELECT b.lower <= 1 AND b.upper >= 1 FROM (SELECT @hll_bounds(@hll_create('a'), 2) AS b)", [(True,)]),
    ("intersection", "SELECT i.estimate, i.lower, i.upper FROM (SELECT @hll_intersection(@hll_create('a'), @empty_hll()) AS i)",
     [(0.0, 0.0, 0.0)]),
    ("names_in_any_case", f"SELECT @HLL_Cardinality(@HLL_MERGE(s)) FROM {SKETCHES}", [(3,)]),
    ("original_readme", f"SELECT k, @hll_cardinality(@hll_merge(@hll_create(id, 12))) FROM {IDS} GROUP BY k ORDER BY k",
     [("x", 2), ("y", 1), ("z", None)]),
    ("coalesce_as_the_original", f"SELECT @hll_cardinality(coalesce(@hll_merge(s), @empty_hll(12))) FROM {SKETCHES} WHERE k = 'z'",
     [(0,)]),
]

# name, query, error condition, part of the message
ERRORS = [
    ("cardinality_of_garbage", "SELECT @hll_cardinality(s) FROM VALUES (X'00') AS t (s)", "HEADCOUNT_MALFORMED_SKETCH", "type byte"),
    ("to_hll_of_garbage", "SELECT @to_hll(s) FROM VALUES (X'0000') AS t (s)", "HEADCOUNT_MALFORMED_SKETCH", "to_hll"),
    ("merge_of_garbage", "SELECT @hll_merge(s) FROM VALUES (X'00') AS t (s)", "HEADCOUNT_MALFORMED_SKETCH", "hll_merge"),
    ("merge_of_two_precisions", "SELECT @hll_merge(s) FROM VALUES (X'030C010005'), (X'030E010005') AS t (s)",
     "HEADCOUNT_PRECISION_MISMATCH", "precision"),
    ("create_at_precision_30", "SELECT @hll_create(a, 30) FROM VALUES ('a') AS t (a)", "HEADCOUNT_PRECISION_OUT_OF_RANGE", "4 to 24"),
    ("agg_at_two_precisions", "SELECT @hll_agg(a, p) FROM VALUES ('a', 12), ('b', 13) AS t (a, p)", "HEADCOUNT_PRECISION_MISMATCH", "precision"),
    ("bounds_of_five_sigmas", "SELECT @hll_bounds(@empty_hll(), a) FROM VALUES (5) AS t (a)", "HEADCOUNT_INVALID_ARGUMENT", "sigmas"),
    ("merge_of_an_integer", "SELECT @hll_merge(1)", "DATATYPE_MISMATCH", "BINARY"),
]

# Errors of the analysis, whose conditions differ between the ways: name, query, part of the message.
ANALYSIS_ERRORS = [
    ("agg_of_a_double", "SELECT @hll_agg(42D)", "hll_agg(CAST(id AS bigint))"),
    ("agg_of_a_decimal_with_a_scale", "SELECT @hll_agg(4.2, 14)", "hll_agg(CAST(id AS bigint))"),
    ("create_of_a_double", "SELECT @hll_create(42D)", "hll_create(CAST(id AS bigint))"),
    ("create_of_a_float", "SELECT @hll_create(id, 14) FROM VALUES (CAST(42 AS FLOAT)) AS t (id)", "hll_create(CAST(id AS bigint))"),
    ("create_of_a_decimal_with_a_scale", "SELECT @hll_create(4.2)", "hll_create(CAST(id AS bigint))"),
    ("create_without_arguments", "SELECT @hll_create()", "hll_create"),
]

# Spark's own functions of similar names: plain names only, in a session with the extensions.
SPARKS_OWN = [
    ("sparks_hll_union", "SELECT hll_sketch_estimate(hll_union(hll_sketch_agg(a), hll_sketch_agg(b))) FROM VALUES (1, 2), (3, 1) AS t (a, b)", [(3,)]),
    ("sparks_hll_union_agg", "SELECT hll_sketch_estimate(hll_union_agg(s)) FROM"
     " (SELECT hll_sketch_agg(id) AS s FROM range(10) GROUP BY id % 2)", [(10,)]),
    ("sparks_cardinality", "SELECT cardinality(array(1, 2, 3)), cardinality(map('a', 1))", [(3, 1)]),
]
