// SPDX-License-Identifier: Apache-2.0

package hll

import (
	"fmt"
	"testing"

	"github.com/headcount-hll/headcount/udf/state"
)

// sample returns the encoded sketch of n ids of its own.
func sample(tb testing.TB, bits int64, series, n int) []byte {
	tb.Helper()
	p, err := NewPrecision(bits)
	if err != nil {
		tb.Fatal(err)
	}
	b := NewBuilder(p)
	for i := range n {
		b.Add(fmt.Appendf(nil, "%d-%d", series, i))
	}
	return b.Append(nil)
}

func samples(tb testing.TB, count, n int) [][]byte {
	all := make([][]byte, count)
	for i := range all {
		all[i] = sample(tb, 12, i, n)
	}
	return all
}

// merged returns a state that holds one sketch, with room for registers.
func merged(tb testing.TB, sketch []byte, flags state.Flags) State {
	s := make(State, registersAt+1<<12)
	if step, err := s.Merge(sketch, 0, flags); err != nil || step.Status != state.Done {
		tb.Fatal(step, err)
	}
	return s
}

// BenchmarkUnion is a sketch from bytes, checked, into a state: dense into dense in cache, sparse into
// dense over more pairs than a branch predictor can learn.
func BenchmarkUnion(b *testing.B) {
	for name, flags := range map[string]state.Flags{"dense": 0, "packed": state.PackRegisters} {
		b.Run(name, func(b *testing.B) {
			in := samples(b, 4, 20_000)
			s := merged(b, sample(b, 12, -1, 20_000), flags)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				s.Merge(in[i&3], 0, flags)
			}
		})
		b.Run("sparse-200-into-"+name, func(b *testing.B) {
			in := samples(b, 4096, 200)
			s := merged(b, sample(b, 12, -1, 20_000), flags)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				s.Merge(in[i&4095], 0, flags)
			}
		})
	}
	b.Run("sparse-200-with-200", func(b *testing.B) {
		encoded := samples(b, 4096, 200)
		in := make([]Sketch, len(encoded))
		for i := range in {
			in[i], _ = Decode(encoded[i])
		}
		var dst []byte
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			dst, _ = AppendUnion(dst[:0], in[i&4095], in[(i*7+1)&4095])
		}
	})
	b.Run("sparse-200-with-200-state", func(b *testing.B) {
		in := samples(b, 4096, 200)
		s := make(State, 4096)
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			clear(s[:12])
			s.Merge(in[i&4095], 0, 0)
			s.Merge(in[(i*7+1)&4095], 0, 0)
			s.normalize()
		}
	})
}

// BenchmarkMergeGroup is a group of 60 dense sketches, from nothing: registers are packed anew as their base rises. An iteration is a sketch.
func BenchmarkMergeGroup(b *testing.B) {
	for name, flags := range map[string]state.Flags{"dense": 0, "packed": state.PackRegisters} {
		b.Run(name, func(b *testing.B) {
			in := samples(b, 240, 5_000)
			s := make(State, registersAt+1<<12)
			for i := 0; b.Loop(); i++ {
				if i%60 == 0 {
					s = s[:12]
					clear(s)
					s = s[:cap(s)]
				}
				s.Merge(in[i%240], 0, flags)
			}
		})
	}
}

// BenchmarkDecode is the check of a sparse sketch, over more of them than a branch predictor can learn.
func BenchmarkDecode(b *testing.B) {
	in := samples(b, 4096, 200)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		Decode(in[i&4095])
	}
}

func BenchmarkAdd(b *testing.B) {
	ids := make([][]byte, 4096)
	for i := range ids {
		ids[i] = fmt.Appendf(nil, "%08x-0000-4000-8000-%012x", uint32(i)*2654435761, i)
	}
	p, _ := NewPrecision(12)
	for name, flags := range map[string]state.Flags{"dense": 0, "packed": state.PackRegisters} {
		b.Run(name, func(b *testing.B) {
			s := merged(b, sample(b, 12, -1, 20_000), flags)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				s.Add(p, ids[i&4095], flags)
			}
		})
	}
	b.Run("from-empty", func(b *testing.B) {
		s := make(State, registersAt+1<<12)
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if i&255 == 0 {
				clear(s)
			}
			s.Add(p, ids[i&4095], 0)
		}
	})
}

func BenchmarkCardinality(b *testing.B) {
	for _, n := range []int{200, 10_000, 1_000_000} {
		s, _ := Decode(sample(b, 12, 1, n))
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Cardinality()
			}
		})
	}
}
