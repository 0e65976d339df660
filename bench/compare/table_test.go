// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
	"testing"
)

func sampleFigures() figures {
	f := figures{}
	f.add("unionDense", "Headcount", []float64{50, 52})
	f.add("unionDense", "Headcount (purego)", []float64{700})
	f.add("unionDense", "limit: plain maximum, no check", []float64{48})
	f.add("unionDense", "Algebird 0.12.0", []float64{5200})
	f.add("unionDense", "Headcount", []float64{54, 51, 900})
	return f
}

func TestFiguresAreMediansOfAllRounds(t *testing.T) {
	for contestant, want := range map[string]float64{"Headcount": 52, "Algebird": 5200} {
		if got, ok := sampleFigures().of("unionDense", contestant); !ok || got != want {
			t.Errorf("%s: %v, want %v", contestant, got, want)
		}
	}
}

func TestTableHasRatiosToHeadcount(t *testing.T) {
	table := sampleFigures().table()
	for _, row := range []string{"| Headcount | 52.0 | 51.0-54.0 | 1.00 |", "| Algebird 0.12.0 | 5,200 | 5,200-5,200 | 100 |"} {
		if !strings.Contains(table, row) {
			t.Errorf("no %q in\n%s", row, table)
		}
	}
}

func TestLimitsHoldOrMiss(t *testing.T) {
	got := sampleFigures().limits()
	for _, row := range []string{
		"| dense union, times as fast as Algebird | at least 20 | 100 | holds |",
		"| dense union, times a plain maximum without check | at most 1.20 | 1.08 | holds |",
		"| dense union, purego, ns | at most 600 | 700 | **misses** |",
	} {
		if !strings.Contains(got, row) {
			t.Errorf("no %q in\n%s", row, got)
		}
	}
	if strings.Contains(got, "cardinality") {
		t.Error("a limit on what was not measured")
	}
}

func TestSummaryHasTheFastestWayOfEachLibrary(t *testing.T) {
	f := sampleFigures()
	f.add("unionDense", "DataSketches 9, HLL 8", []float64{5200})
	f.add("unionDense", "DataSketches 9, HLL 4", []float64{520})
	if got, row := f.summary(), " | 52.0 ns | 100 x |  | 10 x |  |  | 0.92 x |\n"; !strings.Contains(got, row) {
		t.Errorf("no %q in\n%s", row, got)
	}
}
