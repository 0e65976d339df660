// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
	"testing"
	"time"

	"github.com/headcount-hll/headcount/bench/inputs"
)

func TestContestants_DoTheirTask(t *testing.T) {
	folder := t.TempDir()
	if err := inputs.Write(folder); err != nil {
		t.Fatal(err)
	}
	in, err := inputs.Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	for task, contestants := range tasks {
		if !strings.HasPrefix(contestants[0].name, "Headcount") {
			t.Errorf("%s: %s comes first, and the ratios are to the first", task, contestants[0].name)
		}
		for _, c := range contestants {
			t.Run(task+"/"+c.name, func(t *testing.T) {
				if _, err := ready(c.set(in), time.Microsecond); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

func TestPairsOfSparseSketchesAreAllDifferent(t *testing.T) {
	seen := map[int]bool{}
	for i := range inputs.SparseSketches {
		if partner(i) == i || seen[partner(i)] {
			t.Fatalf("sketch %d is united with %d", i, partner(i))
		}
		seen[partner(i)] = true
	}
}
