// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The segment column of engagement.sql and engagement_exact.sql, and its replacement: the cohorts of one channel.
const (
	byChannel = "normalizedchannel AS segment"
	byCohort  = "e10scohort AS segment"
	ofBeta    = "\n    WHERE normalizedchannel = 'beta'"
)

func TestEngagement_EqualsTheOriginal(t *testing.T) {
	want := firstColumns(expected(t, "expected_engagement.csv"), 6)
	query := statements(t, "engagement.sql")[0]
	for name, c := range counted(t) {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, want, text(rowsIn(t, c.schema, over(t, query, c.table))))
		})
	}
}

func TestEngagement_TakesAnotherSegment(t *testing.T) {
	query := replaced(t, statements(t, "engagement.sql")[0], byChannel, byCohort)
	query = replaced(t, query, "FROM client_count", "FROM client_count"+ofBeta)
	assert.Equal(t, firstColumns(expected(t, "expected_e10s.csv"), 6), text(rows(t, query)))
}

// As in headcount engagement, and not NaN, which re:dash cannot show.
func TestEngagement_OfNoClientsHasNoRatio(t *testing.T) {
	const nobody = "FROM (SELECT 'beta' AS normalizedchannel, DATE '2016-10-10' AS activitydate, cast(empty_hll() AS varbinary) AS hll)"
	query := replaced(t, statements(t, "engagement.sql")[0], "FROM client_count", nobody)
	assert.Equal(t, [][]string{{"beta", "2016-10-10", "0", "0", "0", ""}}, text(rows(t, query)))
}

func TestExactEngagement_EqualsTheFixture(t *testing.T) {
	made(t)
	query := statements(t, "engagement_exact.sql")[0]
	t.Run("by channel", func(t *testing.T) {
		assert.Equal(t, exactColumns(expected(t, "expected_engagement.csv")), text(rowsIn(t, "hive.headcount", query)))
	})
	t.Run("by cohort", func(t *testing.T) {
		query := replaced(t, query, byChannel, byCohort)
		query = replaced(t, query, "FROM client_activity", "FROM client_activity"+ofBeta)
		assert.Equal(t, exactColumns(expected(t, "expected_e10s.csv")), text(rowsIn(t, "iceberg.headcount", query)))
	})
}

// exactColumns returns the columns segment, day and exact_* of an expected file.
func exactColumns(records [][]string) [][]string {
	out := make([][]string, len(records))
	for i, r := range records {
		out[i] = append(append([]string{}, r[:2]...), r[6:]...)
	}
	return out
}

func TestCohorts_AreComparedWithTheirControl(t *testing.T) {
	want := expected(t, "expected_e10s.csv")
	for name, c := range counted(t) {
		t.Run(name, func(t *testing.T) {
			query := replaced(t, statements(t, "e10s.sql")[0], "FROM client_count\n", "FROM "+c.table+"\n")
			result := rowsIn(t, c.schema, query)
			require.Equal(t, firstColumns(want, 6), firstColumns(text(result), 6))
			controls := map[any][]any{}
			for _, row := range result {
				if row[0] == "control" {
					controls[row[1]] = row
				}
			}
			require.Len(t, controls, 32)
			for i, row := range result {
				er, lower, upper := row[5].(float64), row[6].(float64), row[7].(float64)
				exact, err := strconv.ParseFloat(want[i][9], 64)
				require.NoError(t, err)
				assert.LessOrEqual(t, lower, exact, want[i])
				assert.GreaterOrEqual(t, upper, exact, want[i])
				control := controls[row[1]]
				assert.Equal(t, er-control[5].(float64), row[8], want[i])
				apart := lower > control[7].(float64) || upper < control[6].(float64)
				assert.Equal(t, apart, row[9], want[i])
			}
		})
	}
}

func TestCountsByOperatingSystem_EqualTheOriginal(t *testing.T) {
	query := "SELECT os, cardinality(merge(cast(hll AS HLL))) FROM client_count\nGROUP BY os ORDER BY os"
	exact := "SELECT os, count(DISTINCT client_id) FROM client_activity GROUP BY os ORDER BY os"
	want := expected(t, "expected_by_os.csv")
	for name, c := range counted(t) {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, firstColumns(want, 2), text(rowsIn(t, c.schema, over(t, query, c.table))))
		})
	}
	for i, row := range text(rows(t, exact)) {
		assert.Equal(t, []string{want[i][0], want[i][2]}, row)
	}
}

// exactGrowth counts new, returning and lost clients exactly.
const exactGrowth = `
WITH periods AS (
	SELECT DISTINCT normalizedchannel AS segment, date_diff('day', DATE '2016-09-05', activitydate) / 7 AS period, client_id
	FROM client_activity
),
pairs AS (
	SELECT segment, period + following AS period, client_id, bool_or(following = 0) AS now, bool_or(following = 1) AS before
	FROM periods CROSS JOIN UNNEST(ARRAY[0, 1]) AS t (following)
	GROUP BY 1, 2, 3
)
SELECT segment, DATE '2016-09-05' + period * INTERVAL '7' DAY,
	count_if(now), count_if(now AND before), count_if(now AND NOT before), count_if(before AND NOT now)
FROM pairs WHERE period BETWEEN 1 AND 7 GROUP BY segment, period ORDER BY segment, period`

// The bounds are for 2 sigmas, so 19 of 20 intersections must be inside. Those of new and lost clients are wider.
func TestGrowth_BoundsHoldTheExactCounts(t *testing.T) {
	made(t)
	exact := rows(t, exactGrowth)
	got := rowsIn(t, "iceberg.headcount", statements(t, "growth.sql")[0])
	require.Len(t, got, 35)
	require.Len(t, exact, len(got))
	outside := 0
	for i, row := range got {
		require.Equal(t, text(exact)[i][:2], text(got)[i][:2])
		clients := float64(exact[i][2].(int64))
		assert.InEpsilon(t, clients, row[2], 0.04, "clients of %v", text(got)[i])
		for column, what := range map[int]string{3: "returning", 6: "new", 9: "lost"} {
			truth := float64(exact[i][column/3+2].(int64))
			if truth < row[column+1].(float64) || truth > row[column+2].(float64) {
				outside++
				t.Logf("%s of %v: %v is outside the bounds", what, text(got)[i], truth)
			}
		}
	}
	assert.LessOrEqual(t, outside, 35/20, fmt.Sprintf("of %d bounds", 3*len(got)))
}
