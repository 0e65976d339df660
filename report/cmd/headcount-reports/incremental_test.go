// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
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
