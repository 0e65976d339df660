package e2e

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/udf/conformance"
)

// seedQuery is the query that people have; sql/channel_counts.sql holds it too.
const seedQuery = `
SELECT normalizedchannel, activitydate,
       cardinality(merge(cast(hll AS HLL))) AS hll
FROM client_count
GROUP BY activitydate, normalizedchannel
ORDER BY normalizedchannel, activitydate DESC`

func TestSeedQueryIsTheOneInTheRepository(t *testing.T) {
	written := statements(t, "channel_counts.sql")
	require.Len(t, written, 1)
	assert.Equal(t, strings.Fields(seedQuery), strings.Fields(written[0]))
}

// counted is every table of sketches of the fixture's clients, in the schema where the queries find it as
// client_count or, the sparse one, under its own name: those that the original made, and those that the jobs made
// in Trino.
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

func TestSeedQueryGivesWhatTheOriginalGives(t *testing.T) {
	want := expected(t, "expected_seed_query.csv")
	for name, c := range counted(t) {
		t.Run(name, func(t *testing.T) {
			query := over(t, statements(t, "channel_counts.sql")[0], c.table)
			assert.Equal(t, want, text(rowsIn(t, c.schema, query)))
		})
	}
}

// over puts another table in the place of client_count.
func over(t *testing.T, query, table string) string {
	t.Helper()
	return replaced(t, query, "FROM client_count\n", "FROM "+table+"\n")
}

// replaced puts a query's parameter in the place of the one in its file.
func replaced(t *testing.T, query, old, with string) string {
	t.Helper()
	require.Contains(t, query, old)
	return strings.ReplaceAll(query, old, with)
}

// More than the counts: every row has the registers that the original put into it, and, where nothing dense came
// in, the original's choice between the sparse and the dense form.
func TestClientCountMadeInTrinoHasTheRegistersOfTheOriginal(t *testing.T) {
	made(t)
	dense := sketchColumn(t, "hive.default.client_count")
	sparse := sketchColumn(t, "hive.default.client_count_sparse")
	for _, catalog := range catalogs {
		t.Run(catalog, func(t *testing.T) {
			ours := sketchColumn(t, catalog+".headcount.client_count_daily")
			require.Len(t, ours, 9105)
			require.Len(t, dense, len(ours))
			require.Len(t, sparse, len(ours))
			for key, got := range ours {
				require.True(t, got.SameRegisters(dense[key]), "%s: other registers than in client_count", key)
				require.True(t, got.SameRegisters(sparse[key]), "%s: other registers than in client_count_sparse", key)
				require.Equal(t, sparse[key].Dense, got.Dense, "%s: another form than in client_count_sparse", key)
			}
		})
	}
}

// sketchColumn reads the sketches of a client_count by the rest of their row.
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

// encodedColumn is sketchColumn in bytes.
func encodedColumn(t *testing.T, table string) map[string]string {
	t.Helper()
	return encodedColumnOn(t, db, table)
}

func encodedColumnOn(t *testing.T, db *sql.DB, table string) map[string]string {
	t.Helper()
	const dimensions = "activitydate, normalizedchannel, country, version, os, e10senabled, e10scohort"
	sketches := map[string]string{}
	result, err := fetch(context.Background(), db, "SELECT "+dimensions+", hll FROM "+table)
	require.NoError(t, err)
	for _, row := range result {
		last := len(row) - 1
		key := strings.Join(text([][]any{row[:last]})[0], "|")
		require.NotContains(t, sketches, key)
		sketches[key] = string(row[last].([]byte))
	}
	return sketches
}
