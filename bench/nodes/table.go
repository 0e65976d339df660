// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
)

// ticksPerSecond is the unit of CPU times in /proc, which is the same on every architecture that Linux has.
const ticksPerSecond = 100

// A measured is what a work took on a number of nodes: its time, and the CPU seconds of each process, first the coordinator's.
type measured struct {
	work    string
	nodes   int
	seconds float64
	cpu     []float64
}

// median returns the run of the median time.
func median(runs []measured) measured {
	sorted := slices.Clone(runs)
	slices.SortFunc(sorted, func(a, b measured) int { return cmp.Compare(a.seconds, b.seconds) })
	return sorted[len(sorted)/2]
}

// cpuSeconds returns the CPU time that each process has had, in user and in system mode.
func cpuSeconds(processes []int) ([]float64, error) {
	var seconds []float64
	for _, p := range processes {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p))
		if err != nil {
			return nil, err
		}
		n, err := cpuOf(string(text))
		if err != nil {
			return nil, fmt.Errorf("/proc/%d/stat: %w", p, err)
		}
		seconds = append(seconds, n)
	}
	return seconds, nil
}

// cpuOf reads a line of /proc/PID/stat. The name, in parentheses, can have spaces; fields 14 and 15 are the times.
func cpuOf(stat string) (float64, error) {
	fields := strings.Fields(stat[strings.LastIndex(stat, ")")+1:])
	if len(fields) < 13 {
		return 0, fmt.Errorf("%d fields behind the name", len(fields))
	}
	total := 0
	for _, field := range fields[11:13] {
		n, err := strconv.Atoi(field)
		if err != nil {
			return 0, err
		}
		total += n
	}
	return float64(total) / ticksPerSecond, nil
}

// table writes a row for each work and number of nodes, and for each work the slope of its time in logarithms of both: -1 is time
// that halves when nodes double.
func table(all []measured) string {
	var b strings.Builder
	b.WriteString("| | nodes | seconds | times as fast as 1 node | CPU s, all nodes | coordinator | mean of the workers |\n|---|---:|---:|---:|---:|---:|---:|\n")
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b measured) int { return cmp.Or(cmp.Compare(b.work, a.work), cmp.Compare(a.nodes, b.nodes)) })
	for from := 0; from < len(sorted); {
		to := from
		for to < len(sorted) && sorted[to].work == sorted[from].work {
			to++
		}
		writeWork(&b, sorted[from:to])
		from = to
	}
	return b.String()
}

func writeWork(b *strings.Builder, rows []measured) {
	for _, m := range rows {
		total := 0.0
		for _, s := range m.cpu {
			total += s
		}
		workers := ""
		if m.nodes > 1 {
			workers = fmt.Sprintf("%.2f", (total-m.cpu[0])/float64(m.nodes-1))
		}
		fmt.Fprintf(b, "| %s | %d | %.2f | %.2f | %.2f | %.2f | %s |\n", m.work, m.nodes, m.seconds, rows[0].seconds/m.seconds, total, m.cpu[0], workers)
	}
	if len(rows) > 1 {
		fmt.Fprintf(b, "| %s, slope | | %.2f | | | | |\n", rows[0].work, slope(rows))
	}
}

// slope returns the least-squares slope of ln(seconds) over ln(nodes).
func slope(rows []measured) float64 {
	var sx, sy, sxx, sxy float64
	for _, m := range rows {
		x, y := math.Log(float64(m.nodes)), math.Log(m.seconds)
		sx, sy, sxx, sxy = sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	n := float64(len(rows))
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}
