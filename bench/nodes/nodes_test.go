// SPDX-License-Identifier: Apache-2.0

package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestTable_HasSpeedUpAndSlopeOfEachWork(t *testing.T) {
	text := table([]measured{
		{"28-day query", 2, 4, []float64{1.5, 0.5}},
		{"28-day query", 1, 4, []float64{2}},
		{"daily job", 4, 15, []float64{12, 3, 4, 5}},
		{"daily job", 2, 30, []float64{10, 5}},
		{"daily job", 1, 60, []float64{14}},
	})
	want := []string{
		"| daily job | 1 | 60.00 | 1.00 | 14.00 | 14.00 |  |",
		"| daily job | 2 | 30.00 | 2.00 | 15.00 | 10.00 | 5.00 |",
		"| daily job | 4 | 15.00 | 4.00 | 24.00 | 12.00 | 4.00 |",
		"| daily job, slope | | -1.00 | | | | |",
		"| 28-day query | 1 | 4.00 | 1.00 | 2.00 | 2.00 |  |",
		"| 28-day query | 2 | 4.00 | 1.00 | 2.00 | 1.50 | 0.50 |",
		"| 28-day query, slope | | 0.00 | | | | |",
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if got := strings.ReplaceAll(strings.Join(lines[2:], "\n"), "-0.00", "0.00"); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s", got)
	}
}

func TestMedian_IsTheRunOfTheMedianTime(t *testing.T) {
	runs := []measured{{seconds: 9, cpu: []float64{1}}, {seconds: 2, cpu: []float64{2}}, {seconds: 5, cpu: []float64{3}}}
	if got := median(runs); got.seconds != 5 || got.cpu[0] != 3 {
		t.Errorf("%+v", got)
	}
}

func TestCPUOf_ReadsUserAndSystemTime(t *testing.T) {
	got, err := cpuOf("77 (a (b) c) S 1 77 77 0 -1 4194560 10 20 30 40 1234 66 5 6 20 0 9 0 100 200 300")
	if err != nil || got != 13 {
		t.Errorf("%v, %v; want 13", got, err)
	}
	for _, text := range []string{"", "77 (a) S 1 2", "77 (a) S 1 77 77 0 -1 4194560 10 20 30 40 x 66"} {
		if got, err := cpuOf(text); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// A process that computes for a second has that second as CPU time.
func TestCPUSeconds_AreThoseOfTheProcess(t *testing.T) {
	before, err := cpuSeconds([]int{os.Getpid()})
	if err != nil {
		t.Fatal(err)
	}
	x := 1.0
	for began := time.Now(); time.Since(began) < 200*time.Millisecond; {
		x = math.Sqrt(x + 1)
	}
	after, err := cpuSeconds([]int{os.Getpid()})
	if err != nil || after[0] <= before[0] || x < 1 {
		t.Errorf("%v then %v, %v", before, after, err)
	}
}

func TestDefaultShare_FitsTheMachine(t *testing.T) {
	for _, c := range []struct {
		cpus, nodes int
		want        float64
	}{{2, 3, 0.6}, {1, 1, 0.9}, {4, 3, 1}, {64, 3, 1}} {
		if got := defaultShare(c.cpus, c.nodes); got != c.want {
			t.Errorf("%d CPUs, %d nodes: %v, want %v", c.cpus, c.nodes, got, c.want)
		}
	}
}

func TestShare_WritesTheBoundOfBothVersions(t *testing.T) {
	for _, c := range []struct {
		second bool
		cpus   float64
		want   map[string]string
	}{
		{true, 0.6, map[string]string{"cpu.max": "60000 100000"}},
		{true, 0, map[string]string{"cpu.max": "max 100000"}},
		{false, 0.6, map[string]string{"cpu.cfs_quota_us": "60000", "cpu.cfs_period_us": "100000"}},
		{false, 0, map[string]string{"cpu.cfs_quota_us": "-1", "cpu.cfs_period_us": "100000"}},
	} {
		s := share{t.TempDir(), c.second}
		if err := s.bound(c.cpus); err != nil {
			t.Fatal(err)
		}
		for file, want := range c.want {
			if got, err := os.ReadFile(filepath.Join(s.folder, file)); string(got) != want {
				t.Errorf("%+v: %s has %q, %v", c, file, got, err)
			}
		}
	}
}

func TestSame_FailsIfAResultDiffers(t *testing.T) {
	var first [][]any
	if err := same(&first, [][]any{{int64(1), "a"}}, "f"); err != nil {
		t.Error(err)
	}
	if err := same(&first, [][]any{{int64(1), "a"}}, "f"); err != nil {
		t.Error(err)
	}
	if err := same(&first, [][]any{{int64(2), "a"}}, "f"); err == nil {
		t.Error("another result is no error")
	}
}
