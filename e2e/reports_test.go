// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// reportsSource is the name under which the server sees the queries of headcount-reports.
const reportsSource = "headcount-reports"

// headcountReports builds the command. The page is without the plots if their library was not fetched, which fails each run.
var headcountReports = sync.OnceValues(func() (string, error) {
	path := repository("build", "e2e", "headcount-reports")
	_, err := command(nil, "go", "build", "-C", repository("report"), "-o", path, "./cmd/headcount-reports")
	return path, err
})

// A shownPage is what the page of a report has: the tables of its results, and its text.
type shownPage struct {
	Results map[string]struct{ Rows [][]any }
	text    string
}

// runReport runs a report on the source `trino`, which is a schema of the server, or on its files if the schema is empty.
func runReport(t testing.TB, schema, report string, more ...string) (shownPage, error) {
	t.Helper()
	program, err := headcountReports()
	require.NoError(t, err)
	folder := t.TempDir()
	arguments := append([]string{"run", report, "-o", folder}, more...)
	if schema != "" {
		sources := filepath.Join(folder, "sources.yaml")
		require.NoError(t, os.WriteFile(sources, []byte("trino: {engine: trino, url: '"+server.url+"', user: e2e, catalog: hive, schema: "+schema+"}"), 0o600))
		arguments = append(arguments, "--source", "trino", "--sources", sources)
	}
	_, failed := command(nil, program, arguments...)
	page, err := os.ReadFile(filepath.Join(folder, strings.TrimSuffix(filepath.Base(report), ".md")+".html"))
	require.NoError(t, err)
	shown := shownPage{text: string(page)}
	_, data, found := strings.Cut(shown.text, `<script type="application/json" id="data">`)
	require.True(t, found)
	data, _, _ = strings.Cut(data, "</script>")
	require.NoError(t, json.Unmarshal([]byte(data), &shown))
	return shown, failed
}

// The engagement report has the original's figures on Trino too. A test of report/cmd/headcount-reports has its figures on files.
func TestReports_HaveTheFiguresOfTheOriginalOnTrino(t *testing.T) {
	shown, err := runReport(t, "default", repository("reports", "engagement.md"))
	require.NoError(t, err)
	figures := map[string][]string{}
	for _, row := range shown.Results["engagement"].Rows {
		figures[fmt.Sprint(textOf(row[0]), " ", row[1])] = []string{textOf(row[2]), textOf(row[3]), textOf(row[4])}
	}
	want := expected(t, "expected_engagement.csv")
	require.Len(t, figures, len(want))
	for _, row := range want {
		assert.Equal(t, []string{row[2], row[4], row[5]}, figures[row[0]+" "+row[1]], "%s, %s", row[0], row[1])
	}
}

// newReportsSchema makes the schema hive.reports.
func newReportsSchema(t testing.TB) {
	t.Helper()
	execute(t, "DROP SCHEMA IF EXISTS hive.reports CASCADE")
	execute(t, "CREATE SCHEMA hive.reports")
	t.Cleanup(func() { execute(t, "DROP SCHEMA hive.reports CASCADE") })
}

// Both queried reports have the same results on files, by DuckDB, and on Trino. The third one, a notebook, reads pings itself.
func TestReports_HaveTheSameResultsOnFilesAndOnTrino(t *testing.T) {
	folder := t.TempDir()
	data := filepath.Join(folder, "data")
	require.NoError(t, os.MkdirAll(data, 0o755))
	for to, from := range map[string]string{
		"engagement.md": "reports/engagement.md", "startup.md": "reports/startup.md", "data/client_count.parquet": "e2e/testdata/client_count.parquet",
	} {
		text, err := os.ReadFile(repository(from))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, to), text, 0o600))
	}
	pings, view := filepath.Join(folder, "pings.jsonl"), filepath.Join(data, "main_summary")
	for _, arguments := range [][]string{
		{"generate", "pings", "--clients", "200", "--days", "10", "--size", "2kB", "-o", pings}, {"view", "main_summary", "-o", view, pings},
	} {
		_, err := command(nil, "go", append([]string{"run", "./cmd/headcount"}, arguments...)...)
		require.NoError(t, err)
	}
	days, err := os.ReadDir(view)
	require.NoError(t, err)
	require.Len(t, days, 10)
	for i, day := range days {
		_, err := serverScript("put", "--mode", server.mode, "--port", server.port, filepath.Join(view, day.Name(), "headcount.parquet"),
			fmt.Sprintf("reports_main_summary/%d.parquet", i))
		require.NoError(t, err)
	}
	newReportsSchema(t)
	run(t, "hive.reports", `CREATE TABLE main_summary (client_id varchar, os varchar, first_paint bigint)
		WITH (format = 'PARQUET', external_location = 'local:///reports_main_summary')`)
	for report, schema := range map[string]string{"engagement.md": "default", "startup.md": "reports"} {
		onFiles, err := runReport(t, "", filepath.Join(folder, report))
		require.NoError(t, err)
		onTrino, err := runReport(t, schema, filepath.Join(folder, report))
		require.NoError(t, err)
		require.NotEmpty(t, onFiles.Results)
		for name, result := range onFiles.Results {
			assert.NotEmpty(t, result.Rows, "%s, %s", report, name)
			assert.Equal(t, result, onTrino.Results[name], "%s, %s", report, name)
		}
		assert.Len(t, onTrino.Results, len(onFiles.Results))
	}
}

// engagementDays makes client_count of 207 days from the fixture, a partition a day: engagement of 180 days from 2016-10-02 reads them.
func engagementDays(t testing.TB) {
	t.Helper()
	newReportsSchema(t)
	run := func(statement string) {
		_, err := runIn(t.Context(), "hive.reports", statement)
		require.NoError(t, err)
	}
	run(`CREATE TABLE client_count WITH (format = 'PARQUET', partitioned_by = ARRAY['activitydate']) AS
		SELECT * FROM (SELECT normalizedchannel, country, version, os, hll, date_add('day', 59 * shift, activitydate) AS activitydate
			FROM hive.default.client_count CROSS JOIN UNNEST(sequence(0, 3)) AS t (shift)) WHERE activitydate < DATE '2017-03-31'`)
}

// engagementOf runs the engagement report of the 179 or 180 days up to last.
func engagementOf(t testing.TB, last string, more ...string) shownPage {
	t.Helper()
	shown, err := runReport(t, "reports", repository("reports", "engagement.md"),
		append([]string{"--param", "from=2016-10-02", "--param", "to=" + last}, more...)...)
	require.NoError(t, err)
	return shown
}

// reportQueries returns the statistics of the queries of headcount-reports that are not in seen, and adds them to seen.
func reportQueries(t testing.TB, seen map[string]bool) (found []queryStatistics) {
	t.Helper()
	for _, row := range rows(t, "SELECT query_id FROM system.runtime.queries WHERE source = '"+reportsSource+"'") {
		if id := row[0].(string); !seen[id] {
			seen[id] = true
			found = append(found, statisticsByID(t, id))
		}
	}
	return found
}

func TestReports_IncrementalRunReadsOnlyTheNewAndLateDaysOnTrino(t *testing.T) {
	engagementDays(t)
	seen := map[string]bool{}
	reportQueries(t, seen)
	state := filepath.Join(t.TempDir(), "state.sqlite")
	before := engagementOf(t, "2017-03-29", "--state", state)
	assert.Contains(t, before.text, "206 days, 206 of them computed")
	require.Len(t, reportQueries(t, seen), 1)

	newDay := engagementOf(t, "2017-03-30", "--state", state)
	assert.Contains(t, newDay.text, "207 days, 2 of them computed", "the new day, and the one before it, which is late")
	queries := reportQueries(t, seen)
	require.Len(t, queries, 1)
	count := value(t, "SELECT count(*) FROM hive.reports.client_count WHERE activitydate BETWEEN DATE '2017-03-29' AND DATE '2017-03-30'")
	assert.EqualValues(t, count, queries[0].rows, "rows that the query of the new day read")

	full := engagementOf(t, "2017-03-30")
	require.NotEmpty(t, full.Results["engagement"].Rows)
	assert.Equal(t, full.Results, newDay.Results)
	assert.Greater(t, len(full.Results["engagement"].Rows), len(before.Results["engagement"].Rows))
}

// BenchmarkReports_NewDay compares the CPU time that Trino spends on 180 days of engagement with that of one new day.
func BenchmarkReports_NewDay(b *testing.B) {
	engagementDays(b)
	seen := map[string]bool{}
	reportQueries(b, seen)
	var full, newDay []float64
	sum := func() (cpu float64) {
		for _, q := range reportQueries(b, seen) {
			cpu += q.cpu
		}
		return cpu
	}
	for b.Loop() {
		state := filepath.Join(b.TempDir(), strconv.Itoa(len(full)))
		engagementOf(b, "2017-03-29", "--state", state)
		sum()
		engagementOf(b, "2017-03-30", "--state", state)
		newDay = append(newDay, sum())
		engagementOf(b, "2017-03-30")
		full = append(full, sum())
	}
	b.ReportMetric(median(full), "full-cpu-ms")
	b.ReportMetric(median(newDay), "new-day-cpu-ms")
	b.ReportMetric(median(full)/median(newDay), "full/new-day")
}

func TestReports_TimeLimitCancelsTheQueryOnTrino(t *testing.T) {
	report := filepath.Join(t.TempDir(), "slow.md")
	marker := strconv.FormatInt(time.Now().UnixNano(), 36)
	require.NoError(t, os.WriteFile(report, []byte("---\ntitle: Slow\ntimeout: 5s\n---\n```sql name=slow\n-- "+marker+"\n"+endless+"\n```\n"), 0o600))
	shown, err := runReport(t, "default", report)
	require.ErrorContains(t, err, "the time limit of 5s ended it")
	assert.Contains(t, shown.text, "the time limit of 5s ended it")
	mine := "SELECT state, error_code FROM system.runtime.queries WHERE source = '" + reportsSource + "' AND query LIKE '%" + marker + "%'"
	require.Eventually(t, func() bool {
		found := rows(t, mine)
		return len(found) == 1 && found[0][0] == "FAILED"
	}, time.Minute, 100*time.Millisecond, "the query runs without its client")
	assert.Equal(t, [][]any{{"FAILED", "USER_CANCELED"}}, rows(t, mine))
}
