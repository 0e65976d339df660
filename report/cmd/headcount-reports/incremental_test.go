// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/report/document"
)

const incrementalReport = `---
title: Days
tables: {activity: activity.csv}
parameters: {from: {type: date, default: 2016-11-01}, to: {type: date, default: 2016-11-04}}
incremental: {first: from, last: to, late: 1}
---
` + "```sql name=days incremental=day\nSELECT day, channel, clients %s FROM activity WHERE day BETWEEN {{first_day}} AND {{last_day}}\n```\n"

// days returns the note of an incremental run, and its data.
func days(t *testing.T, args ...string) (computed, data string) {
	t.Helper()
	path, err := run(t, args...)
	require.NoError(t, err)
	page, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(regexp.MustCompile(`\d+ days, \d+ of them computed`).Find(page)), string(regexp.MustCompile(`(?s)id="data">(.*?)</script>`).FindSubmatch(page)[1])
}

func TestResults_AreTablesOfTheBlocksBelow(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "r.md")
	require.NoError(t, os.WriteFile(filepath.Join(folder, "activity.csv"), []byte("day,channel,clients\n2016-11-01,a,1\n2016-11-02,a,10\n2016-11-04,a,100\n"), 0o600))
	report := `---
title: Sums
tables: {activity: activity.csv}
parameters: {from: {type: date, default: 2016-11-02}, to: {type: date, default: 2016-11-04}}
incremental: {first: from, last: to, late: 1}
---
` + "```sql name=days incremental=day before=1\nSELECT day, clients, 'x'::BLOB AS sketch FROM activity WHERE day BETWEEN {{first_day}} AND {{last_day}}\n```\n" +
		"```sql name=sums source=results\nSELECT a.day, sum(b.clients)::BIGINT AS two_days FROM days a JOIN days b ON b.day BETWEEN a.day - 1 AND a.day WHERE a.day >= {{from}} GROUP BY 1 ORDER BY 1\n```\n" +
		"```chart\ntype: table\ndata: days\n```\n"
	require.NoError(t, os.WriteFile(file, []byte(report), 0o600))
	kept := []string{file, "--state", filepath.Join(folder, "s.sqlite")}
	for _, computed := range []string{"4 days, 4 of them computed", "4 days, 1 of them computed"} {
		note, data := days(t, kept...)
		require.Equal(t, computed, note)
		require.Contains(t, data, `"rows":[["2016-11-02",11],["2016-11-04",100]]`)
		require.Contains(t, data, `"rows":[["2016-11-01",1],["2016-11-02",10],["2016-11-04",100]]`, "bytes are not in the page")
	}
	require.NoError(t, os.WriteFile(file, []byte(strings.Replace(report, "days a JOIN", "missing a JOIN", 1)), 0o600))
	_, err := run(t, kept...)
	require.ErrorContains(t, err, "sql block sums: ")
	require.ErrorContains(t, err, "missing")
}

func TestParse_RejectsWordsThatDoNotGoTogether(t *testing.T) {
	for block, want := range map[string]string{
		"name=q source=results incremental=day": "a query of results is not incremental",
		"name=q before=27":                      "write incremental=COLUMN too",
		"name=q incremental=day before=-1":      "before is a number of days from 0 to 366",
		"name=q incremental=day before=many":    "before is a number of days from 0 to 366",
		"name=q after=1":                        "write name=NAME, source=SOURCE, incremental=COLUMN or before=DAYS",
	} {
		_, err := document.Parse([]byte("---\ntitle: R\n---\n```sql " + block + "\nSELECT {{first_day}}, {{last_day}}\n```\n"))
		require.ErrorContains(t, err, want, block)
	}
	_, err := document.Parse([]byte("---\ntitle: R\nsource: results\n---\n"))
	require.ErrorContains(t, err, "results is a source of blocks")
}

func TestIncremental_ComputesMissingAndLateDaysAndGivesTheFullTable(t *testing.T) {
	folder := t.TempDir()
	file, data := filepath.Join(folder, "r.md"), filepath.Join(folder, "activity.csv")
	write := func(path, text string) { require.NoError(t, os.WriteFile(path, []byte(text), 0o600)) }
	write(file, fmt.Sprintf(incrementalReport, ""))
	rows := "day,channel,clients\n2016-11-01,b,1\n2016-11-01,a,2\n2016-11-03,a,3\n2016-11-04,a,4\n"
	write(data, rows)
	kept := []string{file, "--state", filepath.Join(folder, "s.sqlite")}
	note, _ := days(t, kept...)
	require.Equal(t, "4 days, 4 of them computed", note)
	note, _ = days(t, kept...)
	require.Equal(t, "4 days, 1 of them computed", note, "the last day is late")

	write(data, rows+"2016-11-05,a,5\n2016-11-04,b,777\n")
	note, got := days(t, append(kept, "--param", "to=2016-11-05")...)
	require.Equal(t, "5 days, 1 of them computed", note)
	require.NotContains(t, got, "777", "the 4th was no late day of this run")
	note, got = days(t, append(kept, "--param", "to=2016-11-05", "--full")...)
	require.Equal(t, "5 days, 5 of them computed", note)
	_, without := days(t, file, "--param", "to=2016-11-05")
	require.Equal(t, without, got, "a full run gives the same table as one that keeps nothing")
	_, again := days(t, append(kept, "--param", "to=2016-11-05")...)
	require.Equal(t, without, again, "and so does one of kept days")

	write(file, fmt.Sprintf(incrementalReport, "* 2 AS twice"))
	note, _ = days(t, append(kept, "--param", "to=2016-11-05")...)
	require.Equal(t, "5 days, 5 of them computed", note, "another query computes again")
}
