// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"
)

// A limit bounds one of Headcount's figures: a number of nanoseconds, or a ratio of two figures.
type limit struct {
	what             string
	task, contestant string
	to               string  // if set, the value is the ratio of this contestant's figure to Headcount's, or the reverse
	atLeast, atMost  float64 // exactly one is set
}

const ours = "Headcount"

var limits = []limit{
	{what: "dense union, times as fast as Algebird", task: "unionDense", contestant: ours, to: "Algebird", atLeast: 20},
	{what: "dense union, times as fast as airlift (Trino)", task: "unionDense", contestant: ours, to: "airlift", atLeast: 100},
	{what: "dense union, times a plain maximum without check", task: "unionDense", contestant: ours, to: "limit: plain", atMost: 1.2},
	{what: "the same, out of memory", task: "unionDenseMemory", contestant: ours, to: "limit: plain", atMost: 1.2},
	{what: "dense union, purego, ns", task: "unionDense", contestant: "Headcount (purego)", atMost: 600},
	{what: "cardinality, ns", task: "cardinality", contestant: ours, atMost: 275},
	{what: "adding an id, ns", task: "add", contestant: ours, atMost: 20},
	{what: "sparse union, ns", task: "unionSparse", contestant: ours, atMost: 2000},
	{what: "sparse into dense, ns", task: "unionSparseIntoDense", contestant: ours, atMost: 400},
	{what: "intersection, the estimate, ns", task: "intersection", contestant: "Headcount, hll_jaccard", atMost: 100_000},
	{what: "intersection, with interval, ns", task: "intersection", contestant: "Headcount, hll_intersection", atMost: 500_000},
}

// value returns the figure that the limit bounds, and whether it was measured.
func (l limit) value(f figures) (float64, bool) {
	figure, ok := f.of(l.task, l.contestant)
	if !ok || l.to == "" {
		return figure, ok
	}
	other, ok := f.of(l.task, l.to)
	if l.atLeast > 0 {
		return other / figure, ok
	}
	return figure / other, ok
}

// limits returns a Markdown table of the limits and whether each holds.
func (f figures) limits() string {
	var b strings.Builder
	b.WriteString("| | limit | measured | |\n|---|---:|---:|---|\n")
	for _, l := range limits {
		value, ok := l.value(f)
		if !ok {
			continue
		}
		bound, holds := "at most "+ratio(l.atMost), value <= l.atMost
		if l.atLeast > 0 {
			bound, holds = "at least "+ratio(l.atLeast), value >= l.atLeast
		}
		verdict := "holds"
		if !holds {
			verdict = "**misses**"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", l.what, bound, ratio(value), verdict)
	}
	return b.String()
}
