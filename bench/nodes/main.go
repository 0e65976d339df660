// SPDX-License-Identifier: Apache-2.0

// Nodes runs the daily job and the 28-day query on a Trino of several nodes, then on fewer, down to one. Each node has the same
// share of a CPU, by a control group, so that more nodes are more CPU. It prints time and CPU of each, and how they grow.
//
//	go run ./nodes -activity FILE [-nodes 3] [-cpus SHARE] [-figures FILE]
//
// FILE is activity of bench/activity. -figures is the document whose part bench-nodes gets the table. Needs root, build/plugin, and
// a JDK as docker/trino/server finds it.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/headcount-hll/headcount/bench/cluster"
	"github.com/headcount-hll/headcount/bench/machine"
	"github.com/headcount-hll/headcount/bench/section"
)

type options struct {
	activity, figures string
	nodes             int
	cpus              float64
	jobs, queries     int
}

func main() {
	var o options
	flag.StringVar(&o.activity, "activity", "", "a Parquet file of activity")
	flag.IntVar(&o.nodes, "nodes", 3, "the largest number of nodes")
	flag.Float64Var(&o.cpus, "cpus", 0, "CPUs of a node; by default at most 1, and 0.9 of the machine for all nodes together")
	flag.IntVar(&o.jobs, "jobs", 3, "measured runs of the daily job on each number of nodes")
	flag.IntVar(&o.queries, "queries", 7, "measured runs of the 28-day query on each number of nodes")
	flag.StringVar(&o.figures, "figures", "", "a document that has a part bench-nodes")
	flag.Parse()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "nodes:", err)
		os.Exit(1)
	}
}

func run(o options) error {
	if o.activity == "" || o.nodes < 1 || o.jobs < 1 || o.queries < 1 {
		return errors.New("-activity is needed; -nodes, -jobs and -queries are at least 1")
	}
	if o.cpus == 0 {
		o.cpus = defaultShare(runtime.NumCPU(), o.nodes)
	}
	before := machine.Load()
	text, err := measure(o)
	if err != nil {
		return err
	}
	text += fmt.Sprintf("\n%s, %d CPUs. Each node has %.2f CPUs and a heap of 2 GB. Load of the machine before and after: %s and %s.\n",
		machine.Processor(), runtime.NumCPU(), o.cpus, before, machine.Load())
	fmt.Print(text)
	if o.figures == "" {
		return nil
	}
	return section.Replace(o.figures, "bench-nodes", text)
}

// defaultShare leaves a tenth of the machine to everything else.
func defaultShare(cpus, nodes int) float64 {
	return min(1, float64(int(90*cpus/nodes))/100)
}

// measure starts the largest cluster, fills it, and measures it, then without its last worker, and so on. All numbers of nodes so
// have the same tables, and the JVMs that are left have compiled the same code. It returns a table.
func measure(o options) (text string, err error) {
	// Trino sizes its thread pools by the JVM's number of CPUs.
	c, err := cluster.Start("..", o.nodes, "-XX:ActiveProcessorCount=1")
	if err != nil {
		return "", err
	}
	var shares []*share
	defer func() {
		err = errors.Join(err, c.Stop())
		for _, s := range shares {
			err = errors.Join(err, s.remove())
		}
	}()
	processes, err := c.Processes()
	if err != nil {
		return "", err
	}
	for _, process := range processes {
		s, err := newShare(fmt.Sprintf("headcount-bench-%d", process), process)
		if err != nil {
			return "", err
		}
		shares = append(shares, s)
	}
	w, err := newWork(c, o.activity)
	if err != nil {
		return "", err
	}
	var all []measured
	for n := o.nodes; n >= 1; n-- {
		warm := 1
		if n == o.nodes {
			warm = 3
		}
		found, err := measureNodes(o, w, n, warm, shares[:n])
		if err != nil {
			return "", fmt.Errorf("%d nodes: %w", n, err)
		}
		all = append(all, found...)
		if n > 1 {
			if err := c.StopWorker(); err != nil {
				return "", err
			}
		}
	}
	return fmt.Sprintf("%s\n\n%s", w.title(filepath.Base(o.activity)), table(all)), nil
}

// measureNodes runs the job and the query, first without bounds a number of times, which compiles the code, then each node within its
// share.
func measureNodes(o options, w *work, nodes, warm int, shares []*share) ([]measured, error) {
	bound := func(cpus float64) error {
		var err error
		for _, s := range shares {
			err = errors.Join(err, s.bound(cpus))
		}
		return err
	}
	if err := bound(0); err != nil {
		return nil, err
	}
	for range warm {
		if _, err := w.job(nodes); err != nil {
			return nil, err
		}
		for range o.queries {
			if _, err := w.query(nodes); err != nil {
				return nil, err
			}
		}
	}
	if err := bound(o.cpus); err != nil {
		return nil, err
	}
	var all []measured
	for _, task := range []struct {
		runs int
		run  func(int) (measured, error)
	}{{o.jobs, w.job}, {o.queries, w.query}} {
		var runs []measured
		for range task.runs {
			m, err := task.run(nodes)
			if err != nil {
				return nil, err
			}
			runs = append(runs, m)
		}
		all = append(all, median(runs))
	}
	return all, bound(0)
}
