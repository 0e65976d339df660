package e2e

import (
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

func TestSeedQueryGivesWhatTheOriginalGives(t *testing.T) {
	want := expected(t, "expected_seed_query.csv")
	for _, table := range []string{"client_count", "client_count_sparse", activityCount(t)} {
		t.Run(table, func(t *testing.T) {
			query := over(t, statements(t, "channel_counts.sql")[0], table)
			assert.Equal(t, want, text(rows(t, query)))
		})
	}
}

// over puts another table in the place of client_count.
func over(t *testing.T, query, table string) string {
	t.Helper()
	require.Contains(t, query, "FROM client_count\n")
	return strings.ReplaceAll(query, "FROM client_count\n", "FROM "+table+"\n")
}

// activityCount makes client_count from client_activity by the statements of the repository, and returns the
// table's name.
func activityCount(t *testing.T) string {
	t.Helper()
	for _, statement := range statements(t, "make_client_count.sql") {
		execute(t, statement)
	}
	return "client_count_from_activity"
}

// More than the counts: every row has the registers that the original put into it, and, where nothing dense came
// in, the original's choice between the sparse and the dense form.
func TestClientCountFromActivityHasTheRegistersOfTheOriginal(t *testing.T) {
	dense := sketchColumn(t, "client_count")
	sparse := sketchColumn(t, "client_count_sparse")
	ours := sketchColumn(t, activityCount(t))
	require.Len(t, ours, 9105)
	require.Len(t, dense, len(ours))
	require.Len(t, sparse, len(ours))
	for key, got := range ours {
		require.True(t, got.SameRegisters(dense[key]), "%s: other registers than in client_count", key)
		require.True(t, got.SameRegisters(sparse[key]), "%s: other registers than in client_count_sparse", key)
		require.Equal(t, sparse[key].Dense, got.Dense, "%s: another form than in client_count_sparse", key)
	}
}

// sketchColumn reads the sketches of a client_count by the rest of their row.
func sketchColumn(t *testing.T, table string) map[string]conformance.Sketch {
	t.Helper()
	const dimensions = "activitydate, normalizedchannel, country, version, os, e10senabled, e10scohort"
	sketches := map[string]conformance.Sketch{}
	for _, row := range rows(t, "SELECT "+dimensions+", hll FROM "+table) {
		last := len(row) - 1
		key := strings.Join(text([][]any{row[:last]})[0], "|")
		s, err := conformance.ReadSketch(row[last].([]byte))
		require.NoError(t, err, key)
		require.NotContains(t, sketches, key)
		sketches[key] = s
	}
	return sketches
}

func TestEngagementOverRangeWindowsGivesWhatTheOriginalGives(t *testing.T) {
	want := firstColumns(expected(t, "expected_engagement.csv"), 6)
	query := statements(t, "engagement.sql")[0]
	require.Contains(t, query, "RANGE BETWEEN INTERVAL '27' DAY PRECEDING")
	for _, table := range []string{"client_count", "client_count_sparse", activityCount(t)} {
		t.Run(table, func(t *testing.T) {
			assert.Equal(t, want, text(rows(t, over(t, query, table))))
		})
	}
}

func TestEngagementOfOneChannelByCohort(t *testing.T) {
	query := over(t, statements(t, "engagement.sql")[0],
		"(SELECT * FROM client_count WHERE normalizedchannel = 'beta') AS beta")
	query = strings.ReplaceAll(query, "normalizedchannel, activitydate", "e10scohort, activitydate")
	query = strings.ReplaceAll(query, "PARTITION BY normalizedchannel", "PARTITION BY e10scohort")
	query = strings.ReplaceAll(query, "        normalizedchannel,\n", "        e10scohort,\n")
	assert.Equal(t, firstColumns(expected(t, "expected_e10s.csv"), 6), text(rows(t, query)))
}

func TestCountsByOperatingSystemOverAllDays(t *testing.T) {
	query := "SELECT os, cardinality(merge(cast(hll AS HLL))) FROM client_count GROUP BY os ORDER BY os"
	assert.Equal(t, firstColumns(expected(t, "expected_by_os.csv"), 2), text(rows(t, query)))
}
