// SPDX-License-Identifier: Apache-2.0

// Side is the Go side of the comparison: it measures the Go libraries at one task.
//
//	side -inputs FOLDER -task NAME [-ours] [-samples 5] [-sample 100ms]
//
// It prints one line of JSON per contestant: {"contestant": name, "ns": [one figure per sample]}. Samples of
// the contestants alternate. The result of every contestant is checked.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"time"

	"github.com/headcount-hll/headcount/bench/inputs"
)

// A work is a prepared task.
type work struct {
	run      func(n int)    // does the task n times
	estimate func() float64 // the number of ids in the result, after run has processed all inputs
	want     int            // the true number
	all      int            // the number of runs that process all inputs
}

// A contestant is a library at a task.
type contestant struct {
	name   string
	set    func(*inputs.Inputs) work
	isOurs bool
}

// tasks holds the tasks by name. The JVM side uses the same names.
var tasks = map[string][]contestant{}

func enter(task, name string, set func(*inputs.Inputs) work) {
	tasks[task] = append(tasks[task], contestant{name: name, set: set})
}

func main() {
	folder := flag.String("inputs", "", "the folder of the inputs")
	task := flag.String("task", "", "the task")
	ours := flag.Bool("ours", false, "Headcount alone")
	samples := flag.Int("samples", 5, "samples of each contestant")
	length := flag.Duration("sample", 100*time.Millisecond, "the length of a sample")
	flag.Parse()
	if err := measure(*folder, *task, *ours, *samples, *length); err != nil {
		fmt.Fprintln(os.Stderr, "side:", err)
		os.Exit(1)
	}
}

func measure(folder, task string, oursOnly bool, samples int, length time.Duration) error {
	if len(tasks[task]) == 0 {
		return fmt.Errorf("no contestant at task %q", task)
	}
	in, err := inputs.Read(folder)
	if err != nil {
		return err
	}
	type figures struct {
		Contestant string    `json:"contestant"`
		NS         []float64 `json:"ns"`
		run        func(n int)
		n          int
	}
	var all []*figures
	for _, c := range tasks[task] {
		if oursOnly && !c.isOurs {
			continue
		}
		w := c.set(in)
		n, err := ready(w, length)
		if err != nil {
			return fmt.Errorf("%s, %s: %w", task, c.name, err)
		}
		all = append(all, &figures{Contestant: c.name, run: w.run, n: n})
	}
	for range samples {
		for _, f := range all {
			f.NS = append(f.NS, seconds(f.run, f.n)*1e9/float64(f.n))
		}
	}
	for _, f := range all {
		if err := json.NewEncoder(os.Stdout).Encode(f); err != nil {
			return err
		}
	}
	return nil
}

// ready runs a task over all its inputs, checks the result, and returns the number of runs per sample.
func ready(w work, length time.Duration) (int, error) {
	w.run(w.all)
	if got := w.estimate(); math.Abs(got-float64(w.want)) > 0.1*float64(w.want) {
		return 0, fmt.Errorf("%.0f ids came out, and %d went in", got, w.want)
	}
	for n := w.all; ; n *= 2 {
		if took := seconds(w.run, n); took > length.Seconds()/4 {
			return max(1, int(float64(n)*length.Seconds()/took)), nil
		}
	}
}

func seconds(run func(n int), n int) float64 {
	start := time.Now()
	run(n)
	return time.Since(start).Seconds()
}

// cycle returns indexes 0 to n-1 in turn, again and again.
type cycle struct{ at, of int }

func (c *cycle) next() int {
	i := c.at
	if c.at++; c.at == c.of {
		c.at = 0
	}
	return i
}

// partner returns the index of the sketch to unite with sparse sketch i. All pairs differ.
func partner(i int) int { return (7*i + 1) % inputs.SparseSketches }

// column copies the sketches one after another into more memory than a cache holds.
func column(sketches [][]byte) [][]byte {
	rows := make([][]byte, inputs.ColumnSketches)
	whole := make([]byte, len(rows)*len(sketches[0]))
	for i := range rows {
		n := copy(whole, sketches[7*i%len(sketches)])
		rows[i], whole = whole[:n:n], whole[n:]
	}
	return rows
}
