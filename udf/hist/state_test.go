// SPDX-License-Identifier: Apache-2.0

package hist

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/headcount-hll/headcount/udf/state"
)

// grown is a State that grows as its calls ask.
type grown struct{ State }

func (g *grown) add(t *testing.T, add func(State, []byte) (state.Step, error), array []int64) error {
	t.Helper()
	encoded := AppendArray(nil, array...)
	return state.Run(func(int) (state.Step, error) { return add(g.State, encoded) }, func(need int) error {
		if need <= len(g.State) {
			t.Fatalf("a state of %d bytes needs %d", len(g.State), need)
		}
		g.State = append(g.State, make(State, need-len(g.State))...)
		return nil
	})
}

// elements returns the sum, nil without input.
func (g *grown) elements(t *testing.T) []int64 {
	t.Helper()
	all, err := AppendElements(nil, g.Array())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestState_EqualsTheSumOfSlices(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 4000 {
		longest := 6
		if round%2 == 1 {
			longest = 80 // several vectors, with and without sums outside int64
		}
		var histograms, plain grown
		var wantHistograms, wantPlain []int64
		for range random.IntN(6) {
			array := make([]int64, Trailer+random.IntN(longest))
			for i := range array {
				array[i] = int64(random.Uint64()) >> random.IntN(64)
			}
			var err error
			if wantHistograms, err = SumHistograms(wantHistograms, array); err != nil {
				t.Fatal(err)
			}
			wantPlain = Sum(wantPlain, array)
			if err := histograms.add(t, State.SumHistograms, array); err != nil {
				t.Fatal(err)
			}
			if err := plain.add(t, State.Sum, array); err != nil {
				t.Fatal(err)
			}
		}
		if got := histograms.elements(t); !slices.Equal(got, wantHistograms) {
			t.Fatalf("histograms: %v, want %v", got, wantHistograms)
		}
		if got := plain.elements(t); !slices.Equal(got, wantPlain) {
			t.Fatalf("plain: %v, want %v", got, wantPlain)
		}
	}
}

func TestState_SkipsEmptyArrays(t *testing.T) {
	var g grown
	for _, array := range [][]int64{nil, {3, 4}, nil} {
		if err := g.add(t, State.Sum, array); err != nil {
			t.Fatal(err)
		}
		if g.Empty() != (len(g.Array()) == 0) {
			t.Errorf("after %v: empty %v with %d bytes", array, g.Empty(), len(g.Array()))
		}
	}
	if got := g.elements(t); !slices.Equal(got, []int64{3, 4}) {
		t.Errorf("%v, want [3 4]", got)
	}
}

func TestState_RejectsInvalidArrays(t *testing.T) {
	s := make(State, 64)
	for _, array := range [][]byte{nil, make([]byte, 8), make([]byte, 17)} {
		if _, err := s.SumHistograms(array); err == nil {
			t.Errorf("a histogram of %d bytes is accepted", len(array))
		}
	}
	if _, err := s.Sum(make([]byte, 7)); err == nil || !s.Empty() {
		t.Errorf("an array of 7 bytes: error %v, empty %v", err, s.Empty())
	}
}

func BenchmarkStateSumHistograms(b *testing.B) {
	array := make([]byte, 102*wordSize)
	s := make(State, headerSize+len(array))
	b.SetBytes(int64(len(array)))
	for b.Loop() {
		if _, err := s.SumHistograms(array); err != nil {
			b.Fatal(err)
		}
	}
}
