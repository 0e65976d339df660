// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/udf/conformance"
)

// nullVectors maps the vectors with NULL arguments to queries. In SQL, NULL does not reach the functions.
var nullVectors = map[string]string{
	"hllCreate(null,12)":   "SELECT hll_create(CAST(NULL AS varchar), 12)",
	"hllCreate(null,2)":    "SELECT hll_create(CAST(NULL AS varchar), 2)",
	"hllCardinality(null)": "SELECT cardinality(CAST(NULL AS HLL))", // Spark throws
}

func TestNull_GivesNull(t *testing.T) {
	for vector := range conformance.LeftToSQL {
		require.Contains(t, nullVectors, vector)
	}
	queries := []string{
		"SELECT cast(CAST(NULL AS varbinary) AS HLL)",
		"SELECT cast(CAST(NULL AS HLL) AS varbinary)",
		"SELECT hll_create('a', CAST(NULL AS bigint))",
		"SELECT hll_create(CAST(NULL AS varchar))",
		"SELECT hll_union(hll_create('a'), CAST(NULL AS HLL))",
		"SELECT hll_union(CAST(NULL AS HLL), hll_create('a'))",
		"SELECT hll_union(CAST(NULL AS array(HLL)))",
		"SELECT hll_precision(CAST(NULL AS HLL))",
		"SELECT hll_reduce(hll_create('a'), CAST(NULL AS bigint))",
		"SELECT hll_estimate(CAST(NULL AS HLL))",
		"SELECT hll_bounds(CAST(NULL AS HLL), 2)",
		"SELECT hll_jaccard(hll_create('a'), CAST(NULL AS HLL))",
		"SELECT hll_intersection(CAST(NULL AS HLL), hll_create('a'))",
		"SELECT merge(s) FROM (VALUES CAST(NULL AS HLL), NULL) AS t(s)",
		"SELECT merge(s) FROM (SELECT hll_create('a') AS s) WHERE false",
		"SELECT hll_merge(s) FROM (SELECT X'030c' AS s) WHERE false",
		"SELECT hll_agg(id) FROM (VALUES CAST(NULL AS varchar)) AS t(id)",
		"SELECT merge(s) FILTER (WHERE false) FROM (VALUES hll_create('a')) AS t(s)",
		"SELECT merge(s) OVER (ORDER BY d ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING) FROM (VALUES (1, hll_create('a'))) AS t(d, s)",
	}
	for _, query := range nullVectors {
		queries = append(queries, query)
	}
	for _, query := range queries {
		assert.Nil(t, value(t, query), query)
	}
}

func TestNull_IsSkippedByAggregates(t *testing.T) {
	for query, want := range map[string]int64{
		"SELECT cardinality(merge(s)) FROM (VALUES NULL, hll_create('a'), NULL, hll_create('b')) AS t(s)":                                                         2,
		"SELECT cardinality(hll_union(ARRAY[hll_create('a'), NULL, hll_create('b')]))":                                                                            2,
		"SELECT cardinality(hll_agg(id)) FROM (VALUES 'a', NULL, 'b') AS t(id)":                                                                                   2,
		"SELECT cardinality(merge(s) FILTER (WHERE keep)) FROM (VALUES (hll_create('a'), true), (hll_create('b'), NULL), (hll_create('c'), false)) AS t(s, keep)": 1,
	} {
		assert.Equal(t, want, value(t, query), query)
	}
}

// Each query must fail with a clear error, and the next query must succeed.
func TestArguments_InvalidOnesAreErrors(t *testing.T) {
	const argument, cast = "INVALID_FUNCTION_ARGUMENT", "INVALID_CAST_ARGUMENT"
	for _, c := range []struct{ name, query, code, says string }{
		{"precision 3", "SELECT hll_create('a', 3)", argument, "precision 3"},
		{"precision 25", "SELECT hll_create('a', 25)", argument, "precision 25"},
		{"precision -1", "SELECT hll_create('a', -1)", argument, "precision -1"},
		{"precision 2^33", "SELECT hll_create('a', 8589934592)", argument, "precision 8589934592"},
		{"precision 12 + 2^32", "SELECT hll_create('a', 4294967308)", argument, "precision 4294967308"},
		{"precision from a column", "SELECT hll_create(name, regionkey) FROM tpch.tiny.nation", argument, "precision"},
		{"precision of an aggregate", "SELECT hll_agg(name, 25) FROM tpch.tiny.nation", argument, "precision 25"},
		{"precision of an aggregate 2^33", "SELECT hll_agg(nationkey, 8589934592) FROM tpch.tiny.nation", argument, "precision 8589934592"},
		{"precision that varies within a group",
			"SELECT hll_agg(name, 12 + regionkey) FROM tpch.tiny.nation", argument, "precision"},
		{"two precisions in one merge",
			"SELECT merge(hll_create(name, if(regionkey = 0, 12, 14))) FROM tpch.tiny.nation", argument, "hll_reduce"},
		{"two precisions in one of many groups",
			"SELECT regionkey, merge(hll_create(name, if(nationkey = 24, 14, 12))) FROM tpch.tiny.nation GROUP BY regionkey",
			argument, "hll_reduce"},
		{"two precisions in a union", "SELECT hll_union(hll_create('a', 12), hll_create('a', 14))", argument, "hll_reduce"},
		{"two precisions in an array", "SELECT hll_union(ARRAY[hll_create('a', 12), hll_create('a', 14)])", argument, "precision"},
		{"precision upwards", "SELECT hll_reduce(hll_create('a', 12), 14)", argument, "precision 12"},
		{"sigmas", "SELECT hll_bounds(hll_create('a'), 4)", argument, "4"},
		{"two precisions in an intersection", "SELECT hll_intersection(hll_create('a', 12), hll_create('b', 4))", argument, "precision"},
		{"truncated", "SELECT cast(X'030cc502' AS HLL)", cast, "byte 4"},
		{"wrong type", "SELECT cast(X'07cc' AS HLL)", cast, "byte 0"},
		{"no bytes", "SELECT cast(X'' AS HLL)", cast, "byte 0"},
		{"a dense sketch that is short", "SELECT cast(from_hex('020c' || rpad('', 8190, '00')) AS HLL)", cast, "4098"},
		{"a dense sketch that is long", "SELECT cast(from_hex('020c' || rpad('', 8194, '00')) AS HLL)", cast, "4098"},
		{"a register out of range", "SELECT cast(from_hex('020c' || rpad('', 8190, '00') || '75') AS HLL)", cast, "byte 4097"},
		{"bytes of another library", "SELECT cast(to_utf8('HLL') AS HLL)", cast, "byte 0"},
		{"Trino's own sketch", "SELECT cast(cast(approx_set(1) AS varbinary) AS HLL)", cast, "byte"},
		{"bytes that are no sketch in Spark's merge", "SELECT hll_merge(X'07cc')", argument, "byte 0"},
		{"bytes that are no sketch in Spark's cardinality", "SELECT hll_cardinality(X'07cc')", argument, "byte 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			name, message := failure(t, c.query)
			assert.Equal(t, c.code, name, message)
			assert.Contains(t, message, c.says)
			assert.NotContains(t, message, "Exception")
			assertAlive(t)
		})
	}
}

func TestTry_TurnsErrorsIntoNull(t *testing.T) {
	assert.Nil(t, value(t, "SELECT try_cast(X'07cc' AS HLL)"))
	assert.Nil(t, value(t, "SELECT try(hll_create('a', 25))"))
	assert.Equal(t, int64(1), value(t, "SELECT count(try_cast(s AS HLL)) FROM (VALUES X'07cc', X'030cc50202', NULL) AS t(s)"))
}

// Trino has built-in functions of the same names. Both work, also in one query.
func TestBuiltInFunctions_StillWork(t *testing.T) {
	for query, want := range map[string]int64{
		"SELECT cardinality(merge(s)) FROM (SELECT approx_set(nationkey) AS s FROM tpch.tiny.nation GROUP BY regionkey)": 25,
		"SELECT cardinality(ARRAY[1, 2, 3])":                                                                                         3,
		"SELECT cardinality(MAP(ARRAY[1, 2], ARRAY['a', 'b']))":                                                                      2,
		"SELECT cardinality(approx_set(nationkey)) FROM tpch.tiny.nation":                                                            25,
		"SELECT cardinality(cast(approx_set(nationkey) AS P4HyperLogLog)) FROM tpch.tiny.nation":                                     25,
		"SELECT cardinality(empty_approx_set())":                                                                                     0,
		"SELECT value_at_quantile(merge(q), 0.5) FROM (SELECT qdigest_agg(nationkey) AS q FROM tpch.tiny.nation GROUP BY regionkey)": 12,
		"SELECT cardinality(merge(ours)) + cardinality(merge(theirs)) FROM (SELECT hll_agg(name) AS ours, approx_set(name) AS theirs FROM tpch.tiny.nation GROUP BY regionkey)": 50,
	} {
		assert.Equal(t, want, value(t, query), query)
	}
}

func TestMerge_WorksInEveryClause(t *testing.T) {
	const sketches = "(VALUES (1, 'x', hll_create('a')), (2, 'x', hll_create('b')), (3, 'y', hll_create('a')), (4, 'y', hll_create('c'))) AS t(d, k, s)"
	for _, c := range []struct {
		name, query string
		want        [][]string
	}{
		{"FILTER", "SELECT k, cardinality(merge(s) FILTER (WHERE d > 1)) FROM " + sketches + " GROUP BY k ORDER BY k",
			[][]string{{"x", "1"}, {"y", "2"}}},
		{"GROUPING SETS", "SELECT k, cardinality(merge(s)) FROM " + sketches + " GROUP BY GROUPING SETS ((k), ()) ORDER BY k",
			[][]string{{"x", "2"}, {"y", "2"}, {"", "3"}}},
		{"CUBE", "SELECT k, late, cardinality(merge(s)) FROM (SELECT k, d > 2 AS late, s FROM " + sketches + ") GROUP BY CUBE (k, late) ORDER BY k, late",
			[][]string{{"x", "false", "2"}, {"x", "", "2"}, {"y", "true", "2"}, {"y", "", "2"}, {"", "false", "2"}, {"", "true", "2"}, {"", "", "3"}}},
		{"ROWS frame", "SELECT d, cardinality(merge(s) OVER (ORDER BY d ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)) FROM " + sketches + " ORDER BY d",
			[][]string{{"1", "1"}, {"2", "2"}, {"3", "2"}, {"4", "2"}}},
		{"ROWS frame forward", "SELECT d, cardinality(merge(s) OVER (ORDER BY d ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)) FROM " + sketches + " ORDER BY d",
			[][]string{{"1", "3"}, {"2", "3"}, {"3", "2"}, {"4", "1"}}},
		{"RANGE frame", "SELECT d, cardinality(merge(s) OVER (ORDER BY d RANGE BETWEEN 2 PRECEDING AND CURRENT ROW)) FROM " + sketches + " ORDER BY d",
			[][]string{{"1", "1"}, {"2", "2"}, {"3", "2"}, {"4", "3"}}},
		{"partitions", "SELECT d, cardinality(merge(s) OVER (PARTITION BY k ORDER BY d)) FROM " + sketches + " ORDER BY d",
			[][]string{{"1", "1"}, {"2", "2"}, {"3", "1"}, {"4", "2"}}},
		{"MATCH_RECOGNIZE", "SELECT d, n FROM " + sketches + ` MATCH_RECOGNIZE (
				ORDER BY d MEASURES cardinality(RUNNING merge(s)) AS n ALL ROWS PER MATCH PATTERN (a+) DEFINE a AS true) ORDER BY d`,
			[][]string{{"1", "1"}, {"2", "2"}, {"3", "2"}, {"4", "3"}}},
		{"MATCH_RECOGNIZE with a condition on the merge", "SELECT first, n FROM " + sketches + ` MATCH_RECOGNIZE (
				ORDER BY d MEASURES first(a.d) AS first, cardinality(merge(a.s)) AS n PATTERN (a+) DEFINE a AS cardinality(merge(a.s)) <= 2) ORDER BY first`,
			[][]string{{"1", "2"}, {"4", "1"}}},
		{"HAVING", "SELECT d % 2, cardinality(merge(s)) FROM " + sketches + " GROUP BY 1 HAVING cardinality(merge(s)) > 1 ORDER BY 1",
			[][]string{{"0", "2"}}},
		{"a join", "SELECT t.d, cardinality(hll_union(t.s, y.s)) FROM " + sketches + " JOIN (SELECT * FROM " + sketches + ") AS y ON t.d + 1 = y.d ORDER BY 1",
			[][]string{{"1", "2"}, {"2", "2"}, {"3", "2"}}},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, text(rows(t, c.query))) })
	}
}

func TestGroupingSets_EqualSeparateQueries(t *testing.T) {
	const counted = "cardinality(merge(cast(hll AS HLL))) FROM client_count"
	together := text(rows(t, "SELECT normalizedchannel, os, "+counted+
		" GROUP BY GROUPING SETS ((normalizedchannel), (os), ())"))
	var apart [][]string
	apart = append(apart, text(rows(t, "SELECT normalizedchannel, NULL, "+counted+" GROUP BY normalizedchannel"))...)
	apart = append(apart, text(rows(t, "SELECT NULL, os, "+counted+" GROUP BY os"))...)
	apart = append(apart, text(rows(t, "SELECT NULL, NULL, "+counted))...)
	assert.ElementsMatch(t, apart, together)
}

func TestView_HasASketchColumn(t *testing.T) {
	execute(t, "CREATE OR REPLACE VIEW e2e_clients AS SELECT os, cast(hll AS HLL) AS clients FROM client_count")
	t.Cleanup(func() { execute(t, "DROP VIEW e2e_clients") })
	got := text(rows(t, "SELECT os, cardinality(merge(clients)) FROM e2e_clients GROUP BY os ORDER BY os"))
	assert.Equal(t, firstColumns(expected(t, "expected_by_os.csv"), 2), got)
}

func TestSketch_IsBytesInAResult(t *testing.T) {
	cursor, err := db.QueryContext(context.Background(),
		"SELECT s, cast(s AS varbinary) FROM (VALUES hll_create('a'), NULL, empty_hll(4)) AS t(s)")
	require.NoError(t, err)
	defer cursor.Close()
	types, err := cursor.ColumnTypes()
	require.NoError(t, err)
	assert.Equal(t, "HLL", types[0].DatabaseTypeName())
	var got []string
	for cursor.Next() {
		var sketch, encoded []byte
		require.NoError(t, cursor.Scan(&sketch, &encoded))
		assert.Equal(t, encoded, sketch)
		got = append(got, fmt.Sprintf("%x", sketch))
	}
	require.NoError(t, cursor.Err())
	assert.Equal(t, []string{"030cc50202", "", "0304"}, got)
}

func TestSketch_CannotBeStoredInHive(t *testing.T) {
	_, message := failure(t, "CREATE TABLE e2e_stored AS SELECT hll_create('a') AS s")
	assert.Contains(t, message, "HLL")
	assertAlive(t)
}

// Queries written for spark-hyperloglog.
func TestSparkNames(t *testing.T) {
	for query, want := range map[string]int64{
		"SELECT hll_cardinality(hll_merge(hll_create(name, 12))) FROM tpch.tiny.nation":                             25,
		"SELECT hll_cardinality(hll_merge(cast(hll_create(name, 12) AS varbinary))) FROM tpch.tiny.nation":          25,
		"SELECT cardinality(cast(hll_merge(cast(hll_create(name, 12) AS varbinary)) AS HLL)) FROM tpch.tiny.nation": 25,
		"SELECT hll_cardinality(merge(hll_create(name, 12)) FILTER (WHERE regionkey = 1)) FROM tpch.tiny.nation":    5,
	} {
		assert.Equal(t, want, value(t, query), query)
	}
}

// Ids of every type with the same text give the same sketch.
func TestIDs_OfEveryType(t *testing.T) {
	for _, c := range []struct{ name, one, other, from string }{
		{"bigint", "hll_agg(id)", "hll_agg(text)", "(VALUES (BIGINT '-42', '-42'), (9223372036854775807, '9223372036854775807'))"},
		{"varbinary", "hll_agg(id)", "hll_agg(text)", "(VALUES (X'c3a9', 'é'), (X'', ''))"},
		{"uuid", "hll_agg(id)", "merge(hll_create(text))", "(VALUES (UUID 'C0FFEE00-0000-4000-8000-0123456789AB', 'c0ffee00-0000-4000-8000-0123456789ab'))"},
		{"date and char", "merge(hll_create(id))", "hll_agg(text)", "(VALUES (DATE '2016-09-05', CAST('2016-09-05' AS char(20))))"},
		{"decimal", "hll_agg(id, 14)", "hll_agg(text, 14)", "(VALUES (CAST('-99999999999999999999' AS decimal(38, 0)), '-99999999999999999999'))"},
		{"varchar", "hll_agg(id)", "merge(hll_create(text))", "(VALUES ('a', 'a'), ('é', 'é'), ('', ''))"},
		{"bounded varchar", "merge(hll_create(id))", "merge(hll_create(text))", "(VALUES (CAST('ab' AS varchar(7)), 'ab'))"},
	} {
		t.Run(c.name, func(t *testing.T) {
			query := fmt.Sprintf("SELECT cast(%s AS varbinary) = cast(%s AS varbinary) FROM %s AS t(id, text)", c.one, c.other, c.from)
			assert.Equal(t, true, value(t, query))
		})
	}
}
