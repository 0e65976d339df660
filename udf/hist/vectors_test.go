// SPDX-License-Identifier: Apache-2.0

package hist_test

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/headcount-hll/headcount/udf/hist"
)

// A vector is one line of the file that udf/conformance/vectors/hist/vectors.py writes.
type vector struct {
	Function     string          `json:"function"`
	Kind         string          `json:"kind"`
	Low, High, N int64           `json:"-"`
	Arrays       [][]int64       `json:"arrays"`
	Buckets      []int64         `json:"buckets"`
	Counts       []int64         `json:"counts"`
	P            float64         `json:"p"`
	Result       json.RawMessage `json:"result"`
}

func TestVectors(t *testing.T) {
	file, err := os.Open("../conformance/vectors/hist/hist.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	seen := map[string]int{}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		var v vector
		var sizes struct{ Low, High, N int64 }
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatalf("line %d: %v", n, err)
		}
		if err := json.Unmarshal(lines.Bytes(), &sizes); err != nil {
			t.Fatalf("line %d: %v", n, err)
		}
		v.Low, v.High, v.N = sizes.Low, sizes.High, sizes.N
		seen[v.Function]++
		v.check(t, n)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"histogram_buckets", "histogram_sum", "aggregate_histograms", "histogram_percentile", "histogram_mean"} {
		if seen[name] < 100 {
			t.Errorf("%d vectors of %s, expected at least 100", seen[name], name)
		}
	}
}

func (v *vector) check(t *testing.T, line int) {
	t.Helper()
	switch v.Function {
	case "histogram_buckets":
		kind, err := hist.ParseKind(v.Kind)
		if err != nil {
			t.Fatal(err)
		}
		layout, err := hist.NewLayout(kind, v.Low, v.High, v.N)
		v.checkArray(t, line, layout.Bounds(), err)
	case "histogram_sum":
		sum := []int64{}
		for _, array := range v.Arrays {
			sum = hist.Sum(sum, array)
		}
		v.checkArray(t, line, sum, nil)
	case "aggregate_histograms":
		var sum []int64
		var err error
		for _, array := range v.Arrays {
			if sum, err = hist.SumHistograms(sum, array); err != nil {
				break
			}
		}
		v.checkArray(t, line, sum, err)
	case "histogram_percentile":
		got, ok, err := hist.Percentile(v.Buckets, v.Counts, v.P)
		v.checkNumber(t, line, got, ok, err)
	case "histogram_mean":
		got, ok, err := hist.Mean(v.Buckets, v.Counts)
		v.checkNumber(t, line, got, ok, err)
	default:
		t.Errorf("line %d: function %q is not known", line, v.Function)
	}
}

func (v *vector) checkArray(t *testing.T, line int, got []int64, err error) {
	t.Helper()
	var want []int64
	if err := json.Unmarshal(v.Result, &want); err != nil {
		t.Fatal(err)
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("line %d: %s = %v, %v; want %v", line, v.Function, got, err, want)
	}
}

func (v *vector) checkNumber(t *testing.T, line int, got float64, ok bool, err error) {
	t.Helper()
	var want *float64
	if err := json.Unmarshal(v.Result, &want); err != nil {
		t.Fatal(err)
	}
	if err != nil || ok != (want != nil) || ok && math.Abs(got-*want) > 1e-11*math.Abs(*want) {
		t.Errorf("line %d: %s = %v, %v, %v; want %s", line, v.Function, got, ok, err, v.Result)
	}
}
