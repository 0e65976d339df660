// SPDX-License-Identifier: Apache-2.0

//go:build !race

package hll

import (
	"testing"

	"github.com/headcount-hll/headcount/udf/state"
)

// TestHotPaths_AllocateNothing is not for -race, whose instrumentation moves some scratch to the heap.
func TestHotPaths_AllocateNothing(t *testing.T) {
	dense, sparse := sample(t, 12, 1, 20_000), sample(t, 12, 2, 200)
	p, _ := NewPrecision(12)
	full, packed, few, id := merged(t, dense, 0), merged(t, dense, state.PackRegisters), make(State, 2060), []byte("4f1cd2b0-8a0e-4ac3-9d62-7d1c6a1f0b11")
	a, _ := Decode(dense)
	b, _ := Decode(sparse)
	c, _ := Decode(sample(t, 12, 3, 200))
	dst := make([]byte, 0, 5000)
	for name, f := range map[string]func(){
		"merge dense":          func() { full.Merge(dense, 0, 0) },
		"merge packed":         func() { packed.Merge(dense, 0, state.PackRegisters) },
		"add packed":           func() { packed.Add(p, id, state.PackRegisters) },
		"merge sparse":         func() { full.Merge(sparse, 0, 0) },
		"merge few":            func() { few.Merge(sparse, 0, 0) },
		"add":                  func() { full.Add(p, id, 0) },
		"encode":               func() { few.Encode(dst[:cap(dst)], 0) },
		"cardinality":          func() { a.Cardinality() },
		"cardinality sparse":   func() { b.Cardinality() },
		"union sparse":         func() { AppendUnion(dst[:0], b, c) },
		"union dense, sparse":  func() { AppendUnion(dst[:0], a, b) },
		"create":               func() { AppendCreate(dst[:0], p, id) },
		"estimate":             func() { a.Estimate() },
		"reduce dense":         func() { AppendReduced(dst[:0], a, Precision{10}) },
		"bounds at two sigmas": func() { a.Bounds(2) },
	} {
		if n := testing.AllocsPerRun(50, f); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
