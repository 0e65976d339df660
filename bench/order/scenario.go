// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/headcount-hll/headcount/bench/inputs"
)

// A scenario is sets of ids, each with the precision of its sketch. A set is a range of one sequence of ids, so the size of the
// union is known exactly.
type scenario struct {
	title string
	sets  []set
}

type set struct{ precision, from, to int }

var scenarios = []scenario{
	{"Five sketches of 40,000 ids, half of which are in the next sketch; precision 12", []set{
		{12, 0, 40_000}, {12, 20_000, 60_000}, {12, 40_000, 80_000}, {12, 60_000, 100_000}, {12, 80_000, 120_000}}},
	{"Five sketches of 300 ids; precision 12", []set{
		{12, 0, 300}, {12, 300, 600}, {12, 600, 900}, {12, 900, 1200}, {12, 1200, 1500}}},
	{"Five sketches of 10, 300, 3,000, 20,000 and 60,000 ids; precision 12", []set{
		{12, 0, 10}, {12, 10, 310}, {12, 310, 3310}, {12, 3310, 23_310}, {12, 23_310, 83_310}}},
	{"Three sketches of 40,000 ids; precisions 12, 10 and 11", []set{
		{12, 0, 40_000}, {10, 40_000, 80_000}, {11, 80_000, 120_000}}},
	{"Five sketches of 10, 300, 3,000, 20,000 and 60,000 ids; precisions 13, 10, 14, 11 and 12", []set{
		{13, 0, 10}, {10, 10, 310}, {14, 310, 3310}, {11, 3310, 23_310}, {12, 23_310, 83_310}}},
}

// distinct returns the size of the union of the sets. There is no gap between a set and the next one.
func (s scenario) distinct() int {
	last := slices.MaxFunc(s.sets, func(a, b set) int { return a.to - b.to })
	return last.to
}

// write writes the scenario into a folder, as every side reads it: a file of the precisions, one a line; for set i a file i.csv
// of its ids, below a line of column names, with a day, as activity has it; a file of the plans, one a line; and what writeSteps writes.
func (s scenario) write(folder string, plans []plan) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	ids := inputs.IDs(s.distinct())
	var precisions, lines bytes.Buffer
	for i, set := range s.sets {
		fmt.Fprintln(&precisions, set.precision)
		var text bytes.Buffer
		text.WriteString("client_id,activitydate\n")
		for _, id := range ids[set.from:set.to] {
			fmt.Fprintf(&text, "%s,2016-09-05\n", id)
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprint(i)+".csv"), text.Bytes(), 0o644); err != nil {
			return err
		}
	}
	for _, p := range plans {
		fmt.Fprintln(&lines, p)
	}
	if err := os.WriteFile(filepath.Join(folder, "precisions"), precisions.Bytes(), 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "plans"), lines.Bytes(), 0o644); err != nil {
		return err
	}
	all, results := steps(plans, len(s.sets))
	return writeSteps(folder, all, results)
}
