// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// headcountViews makes the view client_activity of generated pings, and the longitudinal table of the view, in the warehouse.
func headcountViews(t *testing.T) {
	t.Helper()
	folder := t.TempDir()
	pings, view, longitudinal := filepath.Join(folder, "pings.jsonl"), filepath.Join(folder, "client_activity"), filepath.Join(folder, "longitudinal.parquet")
	headcountCommand(t, "generate", "pings", "--clients", "400", "--days", "45", "--size", "2kB", "-o", pings)
	headcountCommand(t, "view", "client_activity", "-o", view, pings)
	longitudinalByUpdate(t, view, longitudinal)
	require.Equal(t, 45, putFiles(t, view, "views/client_activity"))
	require.Equal(t, 1, putFiles(t, longitudinal, "views/longitudinal/longitudinal.parquet"))
}

// longitudinalByUpdate makes the longitudinal table of a view's days but the last one, and updates it with that: the pages of an update
// are headcount's own.
func longitudinalByUpdate(t *testing.T, view, out string) {
	t.Helper()
	days, err := filepath.Glob(filepath.Join(view, "*=*"))
	require.NoError(t, err)
	require.Greater(t, len(days), 2)
	last := len(days) - 1
	headcountCommand(t, append([]string{"longitudinal", "-o", out}, days[:last]...)...)
	headcountCommand(t, "longitudinal", "-o", out, "--update", out, days[last])
}

func headcountCommand(t *testing.T, arguments ...string) {
	t.Helper()
	_, err := command(nil, "go", append([]string{"run", "./cmd/headcount"}, arguments...)...)
	require.NoError(t, err)
}

// putFiles puts a file, or the files of a folder, at a place in the warehouse, and returns their number.
func putFiles(t *testing.T, from, place string) (n int) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		n++
		_, err = serverScript("put", "--mode", server.mode, "--port", server.port, path, filepath.Join(place, strings.TrimPrefix(path, from)))
		return err
	}))
	return n
}

// The view is a table of Trino, and the SQL makes of it the longitudinal table that headcount makes: in every value, on hive and Iceberg.
// The queries' results equal those of other queries over the view.
func TestLongitudinal_SQLEqualsHeadcount(t *testing.T) {
	headcountViews(t)
	for _, catalog := range catalogs {
		schema := catalog + ".views"
		run(t, catalog+".information_schema", "DROP SCHEMA IF EXISTS "+schema+" CASCADE", "CREATE SCHEMA "+schema)
		t.Cleanup(func() { run(t, catalog+".information_schema", "DROP SCHEMA IF EXISTS "+schema+" CASCADE") })
	}
	run(t, "hive.views", statements(t, "views/client_activity.sql")...)
	require.Equal(t, int64(45), value(t, "SELECT count(DISTINCT submission_date) FROM hive.views.client_activity_view"))
	checkDaysSeen(t)
	for _, catalog := range catalogs {
		for _, statement := range statements(t, "longitudinal/table.sql") {
			run(t, catalog+".views", strings.ReplaceAll(statement, "client_activity_view", "hive.views.client_activity_view"))
		}
	}
	run(t, "hive.views", "CREATE TABLE built (LIKE longitudinal) WITH (format = 'PARQUET', external_location = 'local:///views/longitudinal')")
	require.Greater(t, value(t, "SELECT count(*) FROM hive.views.built"), int64(350))
	for _, catalog := range catalogs {
		table := catalog + ".views.longitudinal"
		assert.Equal(t, value(t, "SELECT count(*) FROM hive.views.built"), value(t, "SELECT count(*) FROM "+table))
		assert.Equal(t, int64(0), value(t, "SELECT count(*) FROM (TABLE hive.views.built EXCEPT TABLE "+table+")"), catalog)
		assert.Equal(t, int64(0), value(t, "SELECT count(*) FROM (TABLE "+table+" EXCEPT TABLE hive.views.built)"), catalog)
	}
	for file, fromView := range longitudinalByView {
		rows, err := runIn(t.Context(), "iceberg.views", statements(t, "longitudinal/"+file)...)
		require.NoError(t, err, file)
		want, err := runIn(t.Context(), "hive.views", fromView)
		require.NoError(t, err, file)
		require.NotEmpty(t, rows, file)
		assert.Equal(t, want, rows, file)
	}
}

// The counts out of days_seen equal those of the view, also where the table is made again.
func checkDaysSeen(t *testing.T) {
	t.Helper()
	for range 2 {
		run(t, "hive.views", statements(t, "views/days_seen.sql")...)
	}
	rows, err := runIn(t.Context(), "hive.views", statements(t, "views/days_seen_counts.sql")...)
	require.NoError(t, err)
	require.Len(t, rows, 21)
	want, err := runIn(t.Context(), "hive.views", `WITH seen AS (SELECT DISTINCT client_id, activitydate FROM client_activity_view),
		spans AS (SELECT day, client_id, count_if(activitydate = day) AS d, count_if(activitydate > date_add('day', -7, day)) AS w,
			count_if(activitydate BETWEEN date_add('day', -13, day) AND date_add('day', -7, day)) AS before
			FROM UNNEST(sequence(DATE '2016-11-20', DATE '2016-12-10')) AS t (day)
			JOIN seen ON activitydate BETWEEN date_add('day', -27, day) AND day GROUP BY 1, 2)
		SELECT day, count_if(d > 0), count_if(w > 0), count(*), CAST(count_if(w > 0 AND before > 0) AS double) / count_if(before > 0)
		FROM spans GROUP BY 1 ORDER BY 1`)
	require.NoError(t, err)
	assert.Equal(t, want, rows)
}

// longitudinalByView says what the queries of sql/longitudinal give, over the view.
var longitudinalByView = map[string]string{
	"history.sql": `SELECT activitydate, version, normalizedchannel FROM client_activity_view
		WHERE client_id = (SELECT min(client_id) FROM client_activity_view) ORDER BY 1, 2, 3`,
	"first_last.sql": `SELECT first_version, last_version, count(*) FROM (
		SELECT min_by(version, cast(activitydate AS varchar) || version) AS first_version,
			max_by(version, cast(activitydate AS varchar) || version) AS last_version FROM client_activity_view GROUP BY client_id) GROUP BY 1, 2 ORDER BY 1, 2`,
	"retention.sql": `SELECT first_week, date_diff('week', first_week, week), count(DISTINCT client_id) FROM (
		SELECT client_id, date_trunc('week', activitydate) AS week,
			date_trunc('week', min(activitydate) OVER (PARTITION BY client_id)) AS first_week FROM client_activity_view)
		GROUP BY 1, 2 ORDER BY 1, 2`,
	"churn.sql": `SELECT channel, count(*), count_if(last < date_add('day', -30, (SELECT max(activitydate) FROM client_activity_view))) FROM (
		SELECT max_by(normalizedchannel, activitydate) AS channel, max(activitydate) AS last FROM client_activity_view GROUP BY client_id)
		GROUP BY 1 ORDER BY 1`,
	"median.sql": `SELECT date_trunc('month', activitydate), approx_percentile(date_diff('day', before, activitydate), 0.5), count(*) FROM (
		SELECT activitydate, lag(activitydate) OVER (PARTITION BY client_id ORDER BY activitydate) AS before FROM client_activity_view)
		WHERE before IS NOT NULL GROUP BY 1 ORDER BY 1`,
}

// Columns of a view with histograms, and of the folder of its longitudinal table.
const (
	measuresView = `CREATE TABLE measures_view (client_id varchar, activitydate date, document_id varchar, cpu_count integer, memory double,
		search_counts array(row(engine varchar, source varchar, count bigint)), result row("values" array(bigint), sum bigint),
		aborts map(varchar, bigint), submission_date varchar)
		WITH (format = 'PARQUET', external_location = 'local:///views/measures', partitioned_by = ARRAY['submission_date'])`
	measuresLists = `CREATE TABLE measures (client_id varchar, sample_id integer, activitydate array(date), document_id array(varchar), cpu_count array(integer),
		memory array(double), search_counts array(array(row(engine varchar, source varchar, count bigint))),
		result array(row("values" array(bigint), sum bigint)), aborts array(map(varchar, bigint)))
		WITH (format = 'PARQUET', external_location = 'local:///views/measures_lists')`
	measuresOfView = "SELECT client_id, activitydate, document_id, cpu_count, memory, search_counts, result, aborts FROM measures_view"
	// UNNEST makes columns of the fields of a row: a row around it keeps it.
	measuresOfList = `SELECT client_id, m.* FROM measures CROSS JOIN
		UNNEST(activitydate, document_id, cpu_count, memory, search_counts, transform(result, r -> ROW(r)), aborts)
		AS m(activitydate, document_id, cpu_count, memory, search_counts, result, aborts)`
)

// Trino reads histograms, keyed histograms and searches of a view, and their lists in the folder of a longitudinal table: the same values.
func TestLongitudinal_HistogramsInAFolder(t *testing.T) {
	folder := t.TempDir()
	pings, view, longitudinal := filepath.Join(folder, "pings.jsonl"), filepath.Join(folder, "view"), filepath.Join(folder, "longitudinal")
	headcountCommand(t, "generate", "pings", "--clients", "60", "--days", "12", "--size", "20kB", "-o", pings)
	headcountCommand(t, "view", "cmd/headcount/testdata/measures.yaml", "-o", view, pings)
	longitudinalByUpdate(t, view, longitudinal+"/")
	require.Equal(t, 12, putFiles(t, view, "views/measures"))
	require.Greater(t, putFiles(t, longitudinal, "views/measures_lists"), 10)
	run(t, "hive.information_schema", "DROP SCHEMA IF EXISTS hive.measures CASCADE", "CREATE SCHEMA hive.measures")
	t.Cleanup(func() { run(t, "hive.information_schema", "DROP SCHEMA IF EXISTS hive.measures CASCADE") })
	run(t, "hive.measures", measuresView, "CALL system.sync_partition_metadata('measures', 'measures_view', 'FULL')", measuresLists)
	both := func(query string) []any {
		rows, err := runIn(t.Context(), "hive.measures", query)
		require.NoError(t, err)
		require.Len(t, rows, 1)
		return rows[0]
	}
	counts := both("SELECT count(*), count_if(result.sum > 0 AND aborts['plugin'] IS NOT NULL), (SELECT sum(cardinality(document_id)) FROM measures) FROM measures_view")
	assert.Greater(t, counts[1], int64(30))
	assert.Equal(t, counts[0], counts[2])
	assert.Equal(t, []any{int64(0)}, both("SELECT count(*) FROM ("+measuresOfView+" EXCEPT "+measuresOfList+")"))
	assert.Equal(t, []any{int64(0)}, both("SELECT count(*) FROM ("+measuresOfList+" EXCEPT "+measuresOfView+")"))
}
