// SPDX-License-Identifier: Apache-2.0

package hist

import (
	"math"
	"math/big"
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

// FuzzSumHistograms compares sums of two arrays, as slices and in a state, with sums of big integers.
func FuzzSumHistograms(f *testing.F) {
	f.Add([]byte{1, 2, 3}, []byte{4, 5})
	f.Add([]byte{0x7f, 0x80, 1, 2, 3, 4, 5, 6, 7, 8, 9}, []byte{0x7f, 0x80, 0x7f, 2, 3, 4, 5, 6, 7, 8, 9, 10})
	f.Fuzz(func(t *testing.T, a, b []byte) {
		into, other := widen(a), widen(b)
		valid := (len(into) == 0 || len(into) >= Trailer) && len(other) >= Trailer
		var want []int64
		if valid {
			want = naiveSum(into, other)
		}
		var held grown
		if len(into) >= Trailer {
			if err := held.add(t, State.SumHistograms, into); err != nil {
				t.Fatal(err)
			}
			if err := held.add(t, State.SumHistograms, other); (err == nil) != valid {
				t.Fatalf("a state of %d elements and an array of %d: %v", len(into), len(other), err)
			}
			if valid && !slices.Equal(held.elements(t), want) {
				t.Fatalf("a state has %v, want %v", held.elements(t), want)
			}
		}
		sum, err := SumHistograms(slices.Clone(into), other)
		if (err == nil) != valid {
			t.Fatalf("%d and %d elements: %v", len(into), len(other), err)
		}
		if valid && !slices.Equal(sum, want) {
			t.Fatalf("%v, want %v", sum, want)
		}
	})
}

// widen makes elements of bytes, large enough that sums leave int64.
func widen(bytes []byte) []int64 {
	out := make([]int64, len(bytes))
	for i, b := range bytes {
		out[i] = int64(int8(b)) << 56
	}
	return out
}

// naiveSum returns the saturated sum of two histogram arrays. It adds them as big integers. The first may be empty.
func naiveSum(a, b []int64) []int64 {
	out := make([]int64, max(len(a), len(b)))
	for i := range out {
		sum := new(big.Int)
		for _, array := range [][]int64{a, b} {
			at := i
			if len(array) == 0 {
				continue
			}
			if i >= len(out)-Trailer {
				at = len(array) - (len(out) - i)
			} else if i >= len(array)-Trailer {
				continue
			}
			sum.Add(sum, big.NewInt(array[at]))
		}
		out[i] = saturated(sum)
	}
	return out
}

func saturated(v *big.Int) int64 {
	switch {
	case v.IsInt64():
		return v.Int64()
	case v.Sign() < 0:
		return math.MinInt64
	}
	return math.MaxInt64
}

// Sums of as many arrays as a call takes, in the memory of 1,000 groups.
func BenchmarkStateSumHistograms(b *testing.B) {
	const rows, groups, array = 150, 1000, 102 * wordSize
	const size = headerSize + array
	arrays, states := make([]byte, rows*array), make([]byte, groups*size)
	for i := range groups {
		State(states[i*size:]).setSize(array)
	}
	b.SetBytes(array)
	for i := 0; b.Loop(); i++ {
		row, group := i%rows, i*7919%groups
		if _, err := State(states[group*size:][:size:size]).SumHistograms(arrays[row*array:][:array:array]); err != nil {
			b.Fatal(err)
		}
	}
}
