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

// The catalogs that the jobs are written for; sql has a folder for each.
var catalogs = []string{"hive", "iceberg"}

// The days of the fixture, as the files of sql have them. On 2016-10-08 there is no data.
const (
	allDays  = "DATE '2016-09-05', DATE '2016-11-03'"
	firstDay = "2016-09-05"
	dayCount = 60
)

// Columns of client_activity, which hive and the fixture have in different orders.
const activityColumns = "client_id, normalizedchannel, country, version, os, e10senabled, e10scohort, activitydate"

// madeOnce has made CATALOG.headcount in each catalog.
var madeOnce sync.Once

// made makes, once, CATALOG.headcount by the files of sql in each catalog: the fixture's activity, client_count_daily
// by one run of the daily job over all days, and the view client_count.
func made(t *testing.T) {
	t.Helper()
	madeOnce.Do(func() {
		for _, catalog := range catalogs {
			schema := catalog + ".headcount"
			execute(t, "DROP SCHEMA IF EXISTS "+schema+" CASCADE")
			run(t, catalog+".information_schema", statements(t, catalog+"/tables.sql")...)
			run(t, schema, fmt.Sprintf("INSERT INTO client_activity (%s) SELECT %[1]s FROM hive.default.client_activity", activityColumns))
			run(t, schema, statements(t, catalog+"/daily.sql")...)
			run(t, schema, statements(t, "client_count_view.sql")...)
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

// daily is the daily job of a catalog for the days from first to last.
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

// workshop makes CATALOG.again, with a client_count_daily of its own and, as client_activity, what of
// CATALOG.headcount's a test puts there.
func workshop(t *testing.T, catalog string) (schema string) {
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

// activity makes client_activity of a workshop a view of what follows FROM.
func activity(t *testing.T, schema, from string) {
	t.Helper()
	run(t, schema, "CREATE OR REPLACE VIEW client_activity AS SELECT "+activityColumns+" FROM "+from)
}

// Whatever a day's job goes through, the table is in the end that of one clean run over all days.
func TestDailyJobGivesTheTableOfOneCleanRun(t *testing.T) {
	for _, catalog := range catalogs {
		t.Run(catalog, func(t *testing.T) {
			schema, table := workshop(t, catalog), catalog+".again.client_count_daily"
			whole := catalog + ".headcount.client_activity"
			clean := encodedColumn(t, catalog+".headcount.client_count_daily")

			activity(t, schema, whole+" WHERE os = 'Linux' OR activitydate = "+day(3))
			run(t, schema, daily(t, catalog, allDays)...)
			partial := encodedColumn(t, table)
			require.NotEmpty(t, partial)
			require.Less(t, len(partial), len(clean))

			for _, half := range halfWays {
				activity(t, schema, fmt.Sprintf(half.activity, whole))
				killWhen(t, half.when[catalog], schema, daily(t, catalog, allDays))
				require.Equal(t, partial, encodedColumn(t, table), "a job that was killed while %s has changed the table", half.name)
			}

			activity(t, schema, whole)
			for _, n := range rand.New(rand.NewPCG(20160905, 0)).Perm(dayCount) {
				run(t, schema, daily(t, catalog, day(n)+", "+day(n))...)
			}
			require.Equal(t, clean, encodedColumn(t, table), "each day's job, out of order, after one that was killed")

			for n := 0; n < dayCount; n += 10 {
				run(t, schema, daily(t, catalog, day(n)+", "+day(n))...)
				run(t, schema, daily(t, catalog, day(n)+", "+day(n+9))...)
			}
			require.Equal(t, clean, encodedColumn(t, table), "each day's job run again")
		})
	}
}

// halfWays are where a job is killed, with so much activity that it will be seen there, and what its tasks show then.
// On Iceberg they do not tell what they have written, but the stage that writes is the first.
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

// killWhen starts a job and kills it when it has come so far.
func killWhen(t *testing.T, when, schema string, job []string) {
	t.Helper()
	ended := make(chan error, 1)
	go func() {
		_, err := runIn(context.Background(), schema, append(job[:len(job):len(job)], "SELECT 'the job was not killed'")...)
		ended <- err
	}()
	there := `SELECT query_id FROM system.runtime.queries JOIN system.runtime.tasks USING (query_id)
		WHERE queries.state = 'RUNNING' AND query LIKE '%client_count_daily%hll_agg%' AND query NOT LIKE '%runtime%'
		GROUP BY query_id HAVING ` + when
	require.Eventually(t, func() bool {
		found := rows(t, there)
		if len(found) == 0 {
			return false
		}
		execute(t, fmt.Sprintf("CALL system.runtime.kill_query('%s', 'half-way')", found[0][0]))
		return true
	}, 4*time.Minute, 50*time.Millisecond, "the job was never seen with %s", when)
	require.ErrorContains(t, <-ended, "half-way")
}

// A reader of the Iceberg table sees it whole while days are replaced.
func TestReadersSeeNothingOfAnIcebergJob(t *testing.T) {
	schema := workshop(t, "iceberg")
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
			rows(t, "SELECT count(*), count(DISTINCT activitydate) FROM iceberg.again.client_count_daily"))
		select {
		case err := <-done:
			require.NoError(t, err)
			assert.Positive(t, reads)
			return
		default:
		}
	}
}

// A day whose activity is gone: on Iceberg the job empties it, on hive it has nothing to write and leaves it.
func TestDailyJobOverADayWithoutActivity(t *testing.T) {
	for catalog, stays := range map[string]bool{"hive": true, "iceberg": false} {
		t.Run(catalog, func(t *testing.T) {
			schema := workshop(t, catalog)
			rowsOfDay := fmt.Sprintf("SELECT count(*) FROM %s.client_count_daily WHERE activitydate = %s", schema, day(9))
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

// Late activity, merged into days already made, gives what the days would have held had it been in time; merging it
// again changes nothing.
func TestLateActivityGivesTheTableOfActivityInTime(t *testing.T) {
	const isLate = "activitydate BETWEEN DATE '2016-10-07' AND DATE '2016-10-10' AND (os = 'Linux' OR substr(client_id, 1, 1) < '4')"
	for _, catalog := range catalogs {
		t.Run(catalog, func(t *testing.T) {
			schema, table := workshop(t, catalog), catalog+".again.client_count_daily"
			clean := encodedColumn(t, catalog+".headcount.client_count_daily")
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
