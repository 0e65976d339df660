// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// activeDays makes client_count of one client a day on each of n days from 2016-09-01 on, and of more rows of CSV.
func activeDays(t *testing.T, n int, more ...string) string {
	t.Helper()
	var text strings.Builder
	text.WriteString("client_id,activitydate,os\n")
	for i := range n {
		day := time.Date(2016, 9, 1+i, 0, 0, 0, 0, time.UTC)
		fmt.Fprintf(&text, "client %d,%s,Linux\n", i, day.Format(time.DateOnly))
	}
	for _, row := range more {
		text.WriteString(row + "\n")
	}
	in, out := filepath.Join(t.TempDir(), "a.csv"), filepath.Join(t.TempDir(), "counts.parquet")
	require.NoError(t, os.WriteFile(in, []byte(text.String()), 0o600))
	run(t, "build", "-o", out, in)
	return out
}

// engagementOf returns the table as CSV, and the notes.
func engagementOf(t *testing.T, args ...string) (csv []string, notes string) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out.csv")
	notes, err := tryNotes(t, append([]string{"engagement", "-f", "csv", "-o", out}, args...)...)
	require.NoError(t, err)
	return strings.Split(strings.TrimSuffix(read(t, out), "\n"), "\n"), notes
}

func TestEngagement_TooShortShowsDAUAndWAU(t *testing.T) {
	got, notes := engagementOf(t, activeDays(t, 8))
	require.Equal(t, "2016-09-06,1,,,", got[6])
	require.Equal(t, "2016-09-07,1,7,,", got[7])
	require.Equal(t, "2016-09-08,1,7,,", got[8])
	require.Equal(t, "note: MAU and ER are NULL, because they need 28 days of data; the files have 2016-09-01 to 2016-09-08\n", notes)
}

func TestEngagement_ShorterThanAWeekSaysThatWAUIsMissing(t *testing.T) {
	got, notes := engagementOf(t, activeDays(t, 2))
	require.Equal(t, "2016-09-02,1,,,", got[2])
	require.Equal(t, "note: WAU is NULL, because it needs 7 days of data, and MAU and ER are NULL, because they need 28 days of data; "+
		"the files have 2016-09-01 to 2016-09-02\n", notes)
}

func TestEngagement_FarDaysDoNotMakeAMonthWhole(t *testing.T) {
	far := activeDays(t, 30, "x,1970-01-01,Linux", "y,2030-01-01,Linux")
	got, notes := engagementOf(t, far)
	require.Len(t, got, 4, "the 28th to the 30th day")
	require.Equal(t, "2016-09-28,1,7,28,0.03571428571428571", got[1])
	require.Contains(t, notes, "note: 1970-01-01 (rows: 1): not shown")
	require.Contains(t, notes, "note: 2030-01-01 (rows: 1): not shown")

	got, notes = engagementOf(t, "--from", "2016-09-29", "--to", "2016-12-31", far)
	require.Len(t, got, 3)
	require.Empty(t, notes)
	got, _ = engagementOf(t, "--from", "1970-01-01", "--to", "2016-09-02", far)
	require.Equal(t, []string{"2016-09-01,1,1,1,1", "2016-09-02,1,2,2,0.5"}, got[1:], "1970 is asked for, so it counts")
}

func TestEngagement_TextsLikeNullStayApart(t *testing.T) {
	in := activeDays(t, 0, "x,2016-09-05,", `y,2016-09-05,""`, "z,2016-09-05,NULL", "w,2016-09-05,NULL")
	got, _ := engagementOf(t, "--by", "os", "--total", in)
	require.Equal(t, []string{"os,cardinality", `"",1`, "NULL,2", ",1"}, got)
	table := run(t, "engagement", "--by", "os", "--total", in)
	require.Contains(t, table, ` ""     │`, table)
	require.Contains(t, table, ` "NULL" │`)
	require.Contains(t, table, ` NULL   │`)

	for where, cardinality := range map[string]string{"os=NULL": "1", "os='NULL'": "2", "os=''": "1"} {
		got, _ := engagementOf(t, "--where", where, "--total", in)
		require.Equal(t, cardinality, got[1], where)
	}

	merged := filepath.Join(t.TempDir(), "merged.parquet")
	run(t, "merge", "--by", "os,activitydate", "-o", merged, in)
	again, _ := engagementOf(t, "--by", "os", "--total", merged)
	require.Equal(t, []string{"os,cardinality", `"",1`, "NULL,2", ",1"}, again)
	run(t, "merge", "--where", "os='NULL'", "--by", "os,activitydate", "-o", merged, in)
	again, _ = engagementOf(t, "--by", "os", "--total", merged)
	require.Equal(t, []string{"os,cardinality", "NULL,2"}, again)

	page := filepath.Join(t.TempDir(), "page.html")
	run(t, "engagement", "--by", "os", "--total", "-f", "html", "-o", page, in)
	shown := read(t, page)
	require.Contains(t, shown, `<td data-value="NULL">&#34;NULL&#34;</td>`)
	require.Contains(t, shown, `<td data-value="" data-null>NULL</td>`)
	require.Contains(t, shown, `<td data-value="">&#34;&#34;</td>`)
}

func TestEngagement_ZeroClientsHaveNoRatio(t *testing.T) {
	path := filepath.Join(t.TempDir(), "empty.parquet")
	runPython(t, "-c", `import datetime, pyarrow as pa, pyarrow.parquet as pq, sys
days = [datetime.date(2016, 9, 1) + datetime.timedelta(days=i) for i in range(28)]
pq.write_table(pa.table({"activitydate": days, "hll": pa.array([bytes([2, 12] + [0] * 4096)] * 28, pa.binary())}), sys.argv[1])`, path)
	got, _ := engagementOf(t, path)
	require.Equal(t, []string{"2016-09-28,0,0,0,"}, got[1:])
}

func TestEngagementAndMerge_SayThatNoRowMeetsTheConditions(t *testing.T) {
	in := activeDays(t, 2)
	const says = "note: no row has os=linux and activitydate=2016-09-01: values are compared exactly; headcount inspect lists them\n"
	where := []string{"--where", "os=linux", "--where", "activitydate=2016-09-01"}
	for _, total := range [][]string{nil, {"--total"}} {
		got, notes := engagementOf(t, append(append(total, where...), in)...)
		require.Len(t, got, 1, "the line of names")
		require.Contains(t, notes, says)
	}
	notes, err := tryNotes(t, append(append([]string{"merge", "-o", filepath.Join(t.TempDir(), "out")}, where...), in)...)
	require.NoError(t, err)
	require.Contains(t, notes, says)
}
