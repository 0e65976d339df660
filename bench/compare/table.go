// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A figure holds the samples of one contestant at one task, in nanoseconds.
type figure struct {
	contestant string
	samples    []float64
}

// figures holds the figures by task, in the order in which contestants were added.
type figures map[string][]*figure

func (f figures) add(task, contestant string, samples []float64) {
	for _, have := range f[task] {
		if have.contestant == contestant {
			have.samples = append(have.samples, samples...)
			return
		}
	}
	f[task] = append(f[task], &figure{contestant, slices.Clone(samples)})
}

// quantile returns the smallest sample that is at least as large as a share q of the samples.
func (f *figure) quantile(q float64) float64 {
	sorted := slices.Sorted(slices.Values(f.samples))
	return sorted[int(q*float64(len(sorted)-1)+0.5)]
}

func (f *figure) median() float64 { return f.quantile(0.5) }

// of returns the median of the first contestant at a task whose name has the prefix.
func (f figures) of(task, contestant string) (float64, bool) {
	for _, have := range f[task] {
		if strings.HasPrefix(have.contestant, contestant) {
			return have.median(), true
		}
	}
	return 0, false
}

// columns lists the libraries of the summary, each with the prefix of its contestants' names.
var columns = []struct{ head, contestant string }{
	{"Algebird", "Algebird"}, {"airlift (Trino)", "airlift"}, {"DataSketches", "DataSketches"},
	{"axiomhq (Go)", "axiomhq"}, {"retailnext (Go)", "retailnext"}, {"plain maximum", "limit: plain"},
}

// summary returns one row per task: Headcount's figure, and for each library the ratio of its fastest
// contestant to it.
func (f figures) summary() string {
	var b strings.Builder
	b.WriteString("| | Headcount |")
	for _, c := range columns {
		b.WriteString(" " + c.head + " |")
	}
	b.WriteString("\n|---|---:|" + strings.Repeat("---:|", len(columns)) + "\n")
	for _, t := range tasks {
		if len(f[t.name]) == 0 || !t.jvm {
			continue
		}
		first := f[t.name][0].median()
		fmt.Fprintf(&b, "| %s | %s ns |", t.title, number(first))
		for _, c := range columns {
			cell := ""
			if fastest, ok := f.fastest(t.name, c.contestant); ok {
				cell = ratio(fastest/first) + " x"
			}
			b.WriteString(" " + cell + " |")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// fastest returns the smallest median at a task among contestants whose names have the prefix.
func (f figures) fastest(task, contestant string) (least float64, found bool) {
	for _, have := range f[task] {
		if strings.HasPrefix(have.contestant, contestant) && (!found || have.median() < least) {
			least, found = have.median(), true
		}
	}
	return least, found
}

// table returns all figures in Markdown, each with its ratio to the first of its task, which is Headcount.
func (f figures) table() string {
	var b strings.Builder
	b.WriteString("| | ns | quartiles | x |\n|---|---:|---:|---:|\n")
	for _, t := range tasks {
		if len(f[t.name]) == 0 {
			continue
		}
		fmt.Fprintf(&b, "| **%s** | | | |\n", t.title)
		first := f[t.name][0].median()
		for _, c := range inOrder(f[t.name]) {
			fmt.Fprintf(&b, "| %s | %s | %s-%s | %s |\n", c.contestant, number(c.median()), number(c.quantile(0.25)), number(c.quantile(0.75)), ratio(c.median()/first))
		}
	}
	return b.String()
}

// inOrder sorts: Headcount, then the limits, then the other libraries by speed.
func inOrder(contestants []*figure) []*figure {
	group := func(c *figure) int {
		switch {
		case strings.HasPrefix(c.contestant, ours):
			return 0
		case strings.HasPrefix(c.contestant, "limit:"):
			return 1
		}
		return 2
	}
	sorted := slices.Clone(contestants)
	slices.SortStableFunc(sorted, func(a, b *figure) int {
		if group(a) == 2 && group(b) == 2 {
			return cmp.Compare(a.median(), b.median())
		}
		return cmp.Compare(group(a), group(b))
	})
	return sorted
}

// number formats nanoseconds: one decimal below 100, commas above 999.
func number(x float64) string {
	if x < 100 {
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	s := strconv.FormatFloat(x, 'f', 0, 64)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func ratio(x float64) string {
	if x < 10 {
		return strconv.FormatFloat(x, 'f', 2, 64)
	}
	return strings.TrimSuffix(number(float64(int(x+0.5))), ".0")
}
