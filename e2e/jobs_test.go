// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// catalogs lists the catalogs of the jobs. sql has a folder for each.
var catalogs = []string{"hive", "iceberg"}

// The days of the fixture, as in the files of sql. 2016-10-08 has no data.
const (
	allDays  = "DATE '2016-09-05', DATE '2016-11-03'"
	firstDay = "2016-09-05"
	dayCount = 60
)

// activityColumns is in a fixed order, because hive and the fixture order them differently.
const activityColumns = "client_id, normalizedchannel, country, version, os, e10senabled, e10scohort, activitydate"

// madeOnce runs made's statements once.
var madeOnce sync.Once

// made creates the schema headcount in each catalog, once, with the files of sql: the fixture's activity,
// client_count by one run of the daily job over all days.
func made(t *testing.T) {
	t.Helper()
	madeOnce.Do(func() {
		for _, catalog := range catalogs {
			schema := catalog + ".headcount"
			execute(t, "DROP SCHEMA IF EXISTS "+schema+" CASCADE")
			run(t, catalog+".information_schema", statements(t, catalog+"/tables.sql")...)
			run(t, schema, fmt.Sprintf("INSERT INTO client_activity (%s) SELECT %[1]s FROM hive.default.client_activity", activityColumns))
			run(t, schema, statements(t, catalog+"/daily.sql")...)
		}
	})
	require.Equal(t, int64(2*9105), value(t, `SELECT (SELECT count(*) FROM hive.headcount.client_count)
		+ (SELECT count(*) FROM iceberg.headcount.client_count)`), "the tables were not made")
}

func run(t *testing.T, schema string, statements ...string) {
	t.Helper()
	_, err := runIn(context.Background(), schema, statements...)
	require.NoError(t, err, "%s: %.200q", schema, statements)
}

// daily returns the statements of a catalog's daily job for a range of days: two SQL dates.
func daily(t *testing.T, catalog, days string) []string {
	t.Helper()
	job := statements(t, catalog+"/daily.sql")
	for i, statement := range job {
		if strings.Contains(statement, "parameters") {
			job[i] = replaced(t, statement, allDays, days)
		}
	}
	return job
}

func day(n int) string {
	first, err := time.Parse(time.DateOnly, firstDay)
	if err != nil {
		panic(err)
	}
	return "DATE '" + first.AddDate(0, 0, n).Format(time.DateOnly) + "'"
}

// newSchema creates the schema CATALOG.again with an empty client_count. Function activity defines its
// client_activity.
func newSchema(t *testing.T, catalog string) (schema string) {
	t.Helper()
	made(t)
	schema = catalog + ".again"
	execute(t, "DROP SCHEMA IF EXISTS "+schema+" CASCADE")
	tables := strings.Join(statements(t, catalog+"/tables.sql"), ";")
	run(t, catalog+".information_schema", strings.Split(replaced(t, tables, "headcount", "again"), ";")...)
	run(t, schema, "DROP TABLE client_activity")
	t.Cleanup(func() { execute(t, "DROP SCHEMA "+schema+" CASCADE") })
	return schema
}

// activity defines client_activity of a schema as a view: from is what follows FROM.
func activity(t *testing.T, schema, from string) {
	t.Helper()
	run(t, schema, "CREATE OR REPLACE VIEW client_activity AS SELECT "+activityColumns+" FROM "+from)
}

// After jobs that were killed, repeated and run in any order, the table must equal that of one run over all days.
func TestDailyJob_IsIdempotent(t *testing.T) {
	for _, catalog := range catalogs {
		t.Run(catalog, func(t *testing.T) {
			schema, table := newSchema(t, catalog), catalog+".again.client_count"
			whole := catalog + ".headcount.client_activity"
			clean := encodedColumn(t, catalog+".headcount.client_count")

			activity(t, schema, whole+" WHERE os = 'Linux' OR activitydate = "+day(3))
			run(t, schema, daily(t, catalog, allDays)...)
			partial := encodedColumn(t, table)
			require.NotEmpty(t, partial)
			require.Less(t, len(partial), len(clean))

			for _, half := range halfWays {
				activity(t, schema, fmt.Sprintf(half.activity, whole))
				killWhen(t, half.when[catalog], schema, daily(t, catalog, allDays))
				require.Equal(t, partial, encodedColumn(t, table), "a job killed while %s changed the table", half.name)
			}

			activity(t, schema, whole)
			for _, n := range rand.New(rand.NewPCG(20160905, 0)).Perm(dayCount) {
				run(t, schema, daily(t, catalog, day(n)+", "+day(n))...)
			}
			require.Equal(t, clean, encodedColumn(t, table), "one job per day, in random order, after a killed one")

			for n := 0; n < dayCount; n += 10 {
				run(t, schema, daily(t, catalog, day(n)+", "+day(n))...)
				run(t, schema, daily(t, catalog, day(n)+", "+day(n+9))...)
			}
			require.Equal(t, clean, encodedColumn(t, table), "repeated jobs")
		})
	}
}

// halfWays are the points at which a job is killed: activity that makes the job slow at that point, and the condition on
// its tasks. On Iceberg, tasks do not report written bytes, but the first stage is the one that writes.
var halfWays = []struct {
	name, activity string
	when           map[string]string
}{
	{"reading", "%s CROSS JOIN UNNEST(sequence(1, 100)) AS often (n)", map[string]string{
		"hive": "sum(raw_input_rows) > 100000", "iceberg": "sum(raw_input_rows) > 100000",
	}},
	{"writing", `(SELECT client_id, normalizedchannel, country || cast(n AS varchar) AS country, version, os, e10senabled, e10scohort, activitydate
		FROM %s CROSS JOIN UNNEST(sequence(1, 30)) AS often (n))`, map[string]string{
		"hive": "sum(physical_written_bytes) > 100000", "iceberg": "sum(processed_input_rows) FILTER (WHERE stage_id LIKE '%.1') > 20000",
	}},
}

// killWhen starts a job and kills it when the condition is true.
func killWhen(t *testing.T, when, schema string, job []string) {
	t.Helper()
	ended := make(chan error, 1)
	go func() {
		_, err := runIn(context.Background(), schema, append(job[:len(job):len(job)], "SELECT 'the job was not killed'")...)
		ended <- err
	}()
	reached := `SELECT query_id FROM system.runtime.queries JOIN system.runtime.tasks USING (query_id)
		WHERE queries.state = 'RUNNING' AND query LIKE '%client_count%hll_agg%' AND query NOT LIKE '%runtime%'
		GROUP BY query_id HAVING ` + when
	require.Eventually(t, func() bool {
		found := rows(t, reached)
		if len(found) == 0 {
			return false
		}
		execute(t, fmt.Sprintf("CALL system.runtime.kill_query('%s', 'half-way')", found[0][0]))
		return true
	}, 4*time.Minute, 50*time.Millisecond, "the job never reached %s", when)
	require.ErrorContains(t, <-ended, "half-way")
}

// Readers of the Iceberg table see all days while a job replaces some.
func TestIcebergJob_IsAtomicForReaders(t *testing.T) {
	schema := newSchema(t, "iceberg")
	activity(t, schema, "iceberg.headcount.client_activity")
	run(t, schema, daily(t, "iceberg", allDays)...)
	job := daily(t, "iceberg", day(20)+", "+day(29))
	done := make(chan error, 1)
	go func() {
		_, err := runIn(context.Background(), schema, append(job, job...)...)
		done <- err
	}()
	for reads := 0; ; reads++ {
		assert.Equal(t, [][]any{{int64(9105), int64(59)}},
			rows(t, "SELECT count(*), count(DISTINCT activitydate) FROM iceberg.again.client_count"))
		select {
		case err := <-done:
			require.NoError(t, err)
			assert.Positive(t, reads)
			return
		default:
		}
	}
}

// If a day has no activity any more, the job deletes its rows on Iceberg; on hive it writes no partition and keeps them.
func TestDailyJob_OverADayWithoutActivity(t *testing.T) {
	for catalog, stays := range map[string]bool{"hive": true, "iceberg": false} {
		t.Run(catalog, func(t *testing.T) {
			schema := newSchema(t, catalog)
			rowsOfDay := fmt.Sprintf("SELECT count(*) FROM %s.client_count WHERE activitydate = %s", schema, day(9))
			activity(t, schema, catalog+".headcount.client_activity")
			run(t, schema, daily(t, catalog, day(9)+", "+day(9))...)
			want := value(t, rowsOfDay)
			require.Positive(t, want)
			if !stays {
				want = int64(0)
			}
			activity(t, schema, catalog+".headcount.client_activity WHERE activitydate <> "+day(9))
			run(t, schema, daily(t, catalog, day(9)+", "+day(9))...)
			assert.Equal(t, want, value(t, rowsOfDay))
		})
	}
}

// Late activity, merged once or twice, must give the same table as if it had been in time.
func TestLateActivity_EqualsActivityInTime(t *testing.T) {
	const isLate = "activitydate BETWEEN DATE '2016-10-07' AND DATE '2016-10-10' AND (os = 'Linux' OR substr(client_id, 1, 1) < '4')"
	for _, catalog := range catalogs {
		t.Run(catalog, func(t *testing.T) {
			schema, table := newSchema(t, catalog), catalog+".again.client_count"
			clean := encodedColumn(t, catalog+".headcount.client_count")
			whole := catalog + ".headcount.client_activity"
			activity(t, schema, whole+" WHERE NOT ("+isLate+")")
			run(t, schema, daily(t, catalog, allDays)...)
			require.NotEqual(t, clean, encodedColumn(t, table))

			run(t, schema, fmt.Sprintf("INSERT INTO client_activity_late SELECT %s FROM %s WHERE %s", activityColumns, whole, isLate))
			for _, time := range []string{"once", "twice"} {
				run(t, schema, statements(t, catalog+"/late.sql")...)
				require.Equal(t, clean, encodedColumn(t, table), "merged "+time)
			}
		})
	}
}
