// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/trinotest"
	"github.com/headcount-hll/headcount/udf/conformance"
)

// seedQuery is the query that the plugin must support unchanged. sql/channel_counts.sql has it too.
const seedQuery = `
SELECT normalizedchannel, activitydate,
       cardinality(merge(cast(hll AS HLL))) AS hll
FROM client_count
GROUP BY activitydate, normalizedchannel
ORDER BY normalizedchannel, activitydate DESC`

func TestSeedQuery_IsTheFileInTheRepository(t *testing.T) {
	written := statements(t, "channel_counts.sql")
	require.Len(t, written, 1)
	assert.Equal(t, strings.Fields(seedQuery), strings.Fields(written[0]))
}

// counted returns every table of sketches of the fixture's clients: the two of the fixture, which the original library
// made, and those that the jobs made in Trino.
func counted(t *testing.T) map[string]struct{ schema, table string } {
	t.Helper()
	made(t)
	return map[string]struct{ schema, table string }{
		"dense":   {"hive.default", "client_count"},
		"sparse":  {"hive.default", "client_count_sparse"},
		"hive":    {"hive.headcount", "client_count"},
		"iceberg": {"iceberg.headcount", "client_count"},
	}
}

func TestSeedQuery_EqualsTheOriginal(t *testing.T) {
	want := expected(t, "expected_seed_query.csv")
	for name, c := range counted(t) {
		t.Run(name, func(t *testing.T) {
			query := over(t, statements(t, "channel_counts.sql")[0], c.table)
			assert.Equal(t, want, text(rowsIn(t, c.schema, query)))
		})
	}
}

// over returns the query with client_count replaced by another table.
func over(t *testing.T, query, table string) string {
	t.Helper()
	return replaced(t, query, "FROM client_count\n", "FROM "+table+"\n")
}

// replaced returns the query with a part replaced that it must contain.
func replaced(t *testing.T, query, old, with string) string {
	t.Helper()
	require.Contains(t, query, old)
	return strings.ReplaceAll(query, old, with)
}

// Every row must have the registers of the original, and the same form, sparse or dense, as client_count_sparse.
func TestClientCount_EqualsTheOriginal(t *testing.T) {
	made(t)
	dense := sketchColumn(t, "hive.default.client_count")
	sparse := sketchColumn(t, "hive.default.client_count_sparse")
	for _, catalog := range catalogs {
		t.Run(catalog, func(t *testing.T) {
			ours := sketchColumn(t, catalog+".headcount.client_count")
			require.Len(t, ours, 9105)
			require.Len(t, dense, len(ours))
			require.Len(t, sparse, len(ours))
			for key, got := range ours {
				require.True(t, got.SameRegisters(dense[key]), "%s: registers differ from client_count", key)
				require.True(t, got.SameRegisters(sparse[key]), "%s: registers differ from client_count_sparse", key)
				require.Equal(t, sparse[key].Dense, got.Dense, "%s: form differs from client_count_sparse", key)
			}
		})
	}
}

// sketchColumn returns the sketches of a client_count table. The key is the text of the other columns.
func sketchColumn(t *testing.T, table string) map[string]conformance.Sketch {
	t.Helper()
	return sketchColumnOn(t, db, table)
}

func sketchColumnOn(t *testing.T, db *sql.DB, table string) map[string]conformance.Sketch {
	t.Helper()
	sketches := map[string]conformance.Sketch{}
	for key, encoded := range encodedColumnOn(t, db, table) {
		s, err := conformance.ReadSketch([]byte(encoded))
		require.NoError(t, err, key)
		sketches[key] = s
	}
	return sketches
}

// encodedColumn is like sketchColumn, but returns the bytes of the sketches.
func encodedColumn(t *testing.T, table string) map[string]string {
	t.Helper()
	return encodedColumnOn(t, db, table)
}

func encodedColumnOn(t *testing.T, db *sql.DB, table string) map[string]string {
	t.Helper()
	const dimensions = "activitydate, normalizedchannel, country, version, os, e10senabled, e10scohort"
	sketches := map[string]string{}
	result, err := trinotest.Fetch(context.Background(), db, "SELECT "+dimensions+", hll FROM "+table)
	require.NoError(t, err)
	for _, row := range result {
		last := len(row) - 1
		key := strings.Join(text([][]any{row[:last]})[0], "|")
		require.NotContains(t, sketches, key)
		sketches[key] = string(row[last].([]byte))
	}
	return sketches
}
