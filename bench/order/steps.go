// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

// A step is one union of plans, as a distributed engine computes all unions of one depth by one statement. Sketches have numbers: i
// for that of set i, and the following ones for the results of steps.
type step struct {
	united, depth int // depth is 1 if all parts are sketches of sets
	parts         []int
}

// steps returns the unions of all plans, each once, and for each plan the number of its result.
func steps(plans []plan, sets int) (all []step, results []int) {
	type sketch struct{ number, depth int }
	known := map[string]sketch{}
	var number func(plan) sketch
	number = func(p plan) sketch {
		if p.parts == nil {
			return sketch{p.leaf, 0}
		}
		if s, ok := known[p.String()]; ok {
			return s
		}
		var s step
		for _, part := range p.parts {
			n := number(part)
			s.parts = append(s.parts, n.number)
			s.depth = max(s.depth, n.depth+1)
		}
		s.united = sets + len(all)
		all = append(all, s)
		known[p.String()] = sketch{s.united, s.depth}
		return sketch{s.united, s.depth}
	}
	for _, p := range plans {
		results = append(results, number(p).number)
	}
	return all, results
}

// writeSteps writes what the engines read: steps/0.csv and steps/1.csv, below a line of column names a line for each part of each
// step, those at even positions in the first file, so that two nodes that read a file each have rows of every step; and the file
// results, with the number of each plan's result, one a line.
func writeSteps(folder string, all []step, results []int) error {
	if err := os.MkdirAll(filepath.Join(folder, "steps"), 0o755); err != nil {
		return err
	}
	var files [2]bytes.Buffer
	for i := range files {
		files[i].WriteString("united,part,position,depth\n")
	}
	for _, s := range all {
		for position, part := range s.parts {
			fmt.Fprintf(&files[position%2], "%d,%d,%d,%d\n", s.united, part, position, s.depth)
		}
	}
	for i := range files {
		if err := os.WriteFile(filepath.Join(folder, "steps", fmt.Sprint(i)+".csv"), files[i].Bytes(), 0o644); err != nil {
			return err
		}
	}
	var lines bytes.Buffer
	for _, r := range results {
		fmt.Fprintln(&lines, r)
	}
	return os.WriteFile(filepath.Join(folder, "results"), lines.Bytes(), 0o644)
}
