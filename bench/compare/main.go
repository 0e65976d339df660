// SPDX-License-Identifier: Apache-2.0

// Compare measures Headcount and other libraries at the same tasks, in one run, and prints one table.
//
//	go run ./compare -jdk HOME [-build FOLDER] [-rounds 5] [-samples 5] [-sample 100ms] [-task NAME] [-out FILE]
//
// A round goes through the tasks, and at each task through the sides: Go, Go with the portable kernels, and
// the JVM. A side is a process of its own that measures its contestants in turn. A figure is the median of
// all samples of all rounds.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/headcount-hll/headcount/bench/inputs"
	"github.com/headcount-hll/headcount/bench/machine"
	"github.com/headcount-hll/headcount/bench/section"
)

// A task is one piece of work that every contestant does. All sides use its name.
type task struct {
	name, title string
	jvm         bool
}

var tasks = []task{
	{"unionDense", "Union, dense: a sketch of 20,000 ids, from bytes, into a group's", true},
	{"unionDenseMemory", "The same, 65,536 sketches out of memory", true},
	{"unionSparse", "Union, sparse: two sketches of 200 ids, from bytes; 4,096 pairs", true},
	{"unionSparseIntoDense", "Union: a sketch of 200 ids, from bytes, into a dense one; 4,096 sketches", true},
	{"cardinality", "Cardinality of a dense sketch, from bytes", true},
	{"add", "Adding an id of 36 bytes to a dense sketch", true},
	{"intersection", "Intersection of two dense sketches", false},
}

type options struct {
	jdk, build, only, out string
	rounds, samples       int
	sample                time.Duration
}

func main() {
	var o options
	flag.StringVar(&o.jdk, "jdk", os.Getenv("JAVA_HOME"), "a JDK, 25 or later")
	flag.StringVar(&o.build, "build", "../build/bench", "where programs and inputs are put")
	flag.StringVar(&o.only, "task", "", "this task alone")
	flag.StringVar(&o.out, "out", "", "a file that gets the table too")
	flag.IntVar(&o.rounds, "rounds", 5, "rounds")
	flag.IntVar(&o.samples, "samples", 5, "samples a round")
	flag.DurationVar(&o.sample, "sample", 100*time.Millisecond, "the length of a sample")
	flag.Parse()
	if err := compare(o); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func compare(o options) error {
	say("building")
	sides, err := buildSides(o.build, o.jdk)
	if err != nil {
		return err
	}
	folder := filepath.Join(o.build, "inputs")
	if err := inputs.Write(folder); err != nil {
		return err
	}
	before := machine.Load()
	all := figures{}
	for round := range o.rounds {
		for _, t := range tasks {
			if o.only != "" && o.only != t.name {
				continue
			}
			for _, s := range sides {
				if s.jvm && !t.jvm {
					continue
				}
				say("round %d of %d: %s, %s", round+1, o.rounds, t.name, s.name)
				if err := all.measure(t.name, s, folder, o); err != nil {
					return fmt.Errorf("%s, %s: %w", t.name, s.name, err)
				}
			}
		}
	}
	text := fmt.Sprintf("%s\n%s Load of the machine before and after: %s and %s.\n%s\n%s\n%s",
		all.summary(), conditions(sides, o), before, machine.Load(), section.EndOfSummary, all.limits(), all.table())
	fmt.Print(text)
	if o.out != "" {
		return os.WriteFile(o.out, []byte(text), 0o644)
	}
	return nil
}

func say(format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, time.Now().Format("15:04:05 ")+format+"\n", arguments...)
}
