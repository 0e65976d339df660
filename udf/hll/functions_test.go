// SPDX-License-Identifier: Apache-2.0

package hll

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/headcount-hll/headcount/udf/errs"
)

func decoded(t *testing.T, b []byte) Sketch {
	t.Helper()
	s, err := Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func union(t *testing.T, a, b []byte) []byte {
	t.Helper()
	out, err := AppendUnion(nil, decoded(t, a), decoded(t, b))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestUnion_IsThatOfSets(t *testing.T) {
	for _, p := range []int{4, 8, 9, 12, 16, 17} {
		r := rand.New(rand.NewPCG(uint64(p), 3))
		for range 80 {
			a, b, c := randomSketch(r, p, 1<<p/10), randomSketch(r, p, 1<<p/10), randomSketch(r, p, 1<<p/10)
			want := readNaive(a)
			want.dense = want.dense || len(want.rho)*16 > 1<<p
			want.union(readNaive(b))
			got := union(t, a, b)
			requireSketch(t, "union", got, want)
			if !bytes.Equal(got, union(t, b, a)) {
				t.Fatal("union is not commutative")
			}
			if !bytes.Equal(union(t, got, c), union(t, a, union(t, b, c))) {
				t.Fatal("union is not associative")
			}
			if !bytes.Equal(union(t, got, got), got) {
				t.Fatal("union is not idempotent")
			}
		}
	}
}

// TestUnion_IsSparseUpToTheLimit unites sketches that are together longer than a sparse one may be,
// whose union is or is not, after what dst already holds.
func TestUnion_IsSparseUpToTheLimit(t *testing.T) {
	list := func(p, from, n int, width int) []byte {
		out := []byte{3, byte(p)}
		for i := from; i < from+n; i++ {
			out = append(binary.LittleEndian.AppendUint32(out, uint32(i))[:len(out)+width], byte(1+i%7))
		}
		return out
	}
	for _, c := range []struct {
		name          string
		p, width      int
		from, a, b    int // b's entries start at index from, a's at 0
		repeatedOfB   int
		wantedEntries int
	}{
		{"apart, at the limit", 12, 2, 128, 128, 128, 0, 256},
		{"apart, above it", 12, 2, 128, 128, 129, 0, 257},
		{"one in both, at the limit", 12, 2, 199, 200, 57, 0, 256},
		{"one in both, above it", 12, 2, 199, 200, 58, 0, 257},
		{"the same", 12, 2, 0, 256, 256, 0, 256},
		{"the same, too long already", 12, 2, 0, 257, 257, 0, 257},
		{"repeated until too long", 12, 2, 10, 10, 2, 300, 12},
		{"an index of one byte", 8, 1, 15, 16, 2, 0, 17},
		{"an index of three bytes", 17, 3, 8191, 8192, 1, 0, 8192},
		{"too many of three bytes", 17, 3, 8191, 8192, 2, 0, 8193},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := list(c.p, 0, c.a, c.width), list(c.p, c.from, c.b, c.width)
			for range c.repeatedOfB {
				b = append(b, b[2:3+c.width]...)
			}
			want := readNaive(a)
			want.union(readNaive(b))
			if len(want.rho) != c.wantedEntries {
				t.Fatalf("the case has %d entries, not %d", len(want.rho), c.wantedEntries)
			}
			for _, pair := range [][2][]byte{{a, b}, {b, a}} {
				got, err := AppendUnion([]byte("kept"), decoded(t, pair[0]), decoded(t, pair[1]))
				if err != nil || string(got[:4]) != "kept" {
					t.Fatalf("%q, %v", got[:4], err)
				}
				requireSketch(t, "union", got[4:], want)
			}
		})
	}
}

func TestReduction_EqualsBuildingAtThatPrecision(t *testing.T) {
	for p := int64(4); p <= 18; p++ {
		for q := int64(4); q <= p; q++ {
			for _, n := range []int{0, 1, 20, 700, 5_000} {
				at, _ := NewPrecision(q)
				got, err := AppendReduced(nil, decoded(t, sample(t, p, n, n)), at)
				if err != nil {
					t.Fatal(err)
				}
				if want := decoded(t, sample(t, q, n, n)).Registers(); !bytes.Equal(decoded(t, got).Registers(), want) {
					t.Fatalf("%d ids from precision %d to %d: registers differ", n, p, q)
				}
			}
		}
	}
}

func TestReduction_RejectsALargerPrecision(t *testing.T) {
	q, _ := NewPrecision(13)
	_, err := AppendReduced(nil, decoded(t, sample(t, 12, 1, 5)), q)
	var e *errs.Error
	if !errors.As(err, &e) || e.Code != errs.PrecisionRange {
		t.Fatalf("got %v, want a precision_range error", err)
	}
}

func TestNewPrecision_RejectsOthersThan4To24(t *testing.T) {
	for _, p := range []int64{-1 << 63, -1, 0, 3, 25, 1 << 8, 1<<32 + 12, 1 << 33, 1<<63 - 1} {
		if _, err := NewPrecision(p); err == nil {
			t.Errorf("precision %d was taken", p)
		}
	}
	for p := int64(4); p <= 24; p++ {
		if got, err := NewPrecision(p); err != nil || got.Registers() != 1<<p {
			t.Errorf("precision %d: %v, %v", p, got, err)
		}
	}
}

// TestSums_EqualSequentialOnes compares the sums of kernels with adding one by one, also over crafted
// registers whose partial sums round.
func TestSums_EqualSequentialOnes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	for range 300 {
		p := 4 + r.IntN(13)
		sketch := decoded(t, randomSketch(r, p, 1<<p))
		_, got := sketch.zerosAndSum()
		if want := sumInOrder(sketch.Registers()); sketch.Dense() && got != want {
			t.Fatalf("p=%d: sum %v, one by one %v", p, got, want)
		}
	}
}

// FuzzDecode holds every byte string to the naive reader: the same errors, the same registers, and
// what is read writes back.
func FuzzDecode(f *testing.F) {
	for _, b := range seeds(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := Decode(b)
		if len(b) > 1 && b[1] > 18 {
			return // the naive registers would take the time
		}
		want := readNaive(b)
		if (err == nil) != (want != nil) {
			t.Fatalf("Decode says %v, the naive reader %v", err, want != nil)
		}
		if err != nil {
			return
		}
		if !bytes.Equal(s.Registers(), want.registers()) {
			t.Fatal("registers differ")
		}
		s.Cardinality()
		empty := AppendEmpty(nil, s.Precision())
		want.union(newNaive(want.p))
		requireSketch(t, "united with nothing", union(t, b, empty), want)
	})
}

// alignedNaive gives an empty sketch the precision of the other, and two empty ones the smaller.
func alignedNaive(a, b *naive) (*naive, *naive) {
	if a == nil || b == nil || a.p == b.p {
		return a, b
	}
	empty := func(n *naive) bool { return len(bytes.Trim(n.registers(), "\x00")) == 0 }
	if emptyA, emptyB := empty(a), empty(b); emptyB && (!emptyA || a.p < b.p) {
		b = newNaive(a.p)
	} else if emptyA {
		a = newNaive(b.p)
	}
	return a, b
}

// FuzzMerge unites two byte strings in a state, as a scalar, and naively.
func FuzzMerge(f *testing.F) {
	for _, a := range seeds(f) {
		for _, b := range seeds(f) {
			f.Add(a, b)
		}
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		if len(a) > 1 && a[1] > 18 || len(b) > 1 && b[1] > 18 {
			return
		}
		s := newSlot(flagsOf(len(b)))
		errA := s.merge(t, a)
		if errA != nil {
			return
		}
		errB := s.merge(t, b)
		want, other := alignedNaive(readNaive(a), readNaive(b))
		if invalid := other == nil || other.p != want.p; invalid != (errB != nil) {
			t.Fatalf("merge says %v", errB)
		}
		if errB != nil {
			return
		}
		want.union(other)
		requireSketch(t, "state", s.bytes().Append(nil), want)
		requireSketch(t, "scalar", union(t, a, b), want)
	})
}

// FuzzStatistics calls every function of one and of two sketches: none may panic or hang, and every
// number must be one.
func FuzzStatistics(f *testing.F) {
	for _, a := range seeds(f) {
		for _, b := range seeds(f) {
			f.Add(a, b, byte(8))
		}
	}
	f.Fuzz(func(t *testing.T, a, b []byte, q byte) {
		s, err := Decode(a)
		if err != nil || s.Precision().Int() > 18 {
			return
		}
		numbers := []float64{s.CompatibleEstimate(), s.Estimate()}
		for sigmas := range int64(3) {
			lower, upper, _ := s.Bounds(sigmas + 1)
			numbers = append(numbers, lower, upper, upper-lower)
		}
		if p, err := NewPrecision(int64(q)); err == nil {
			AppendReduced(nil, s, p)
		}
		if u, err := Decode(b); err == nil && u.Precision() == s.Precision() {
			shared, _ := Intersection(s, u)
			index, _ := Jaccard(s, u)
			numbers = append(numbers, shared.Lower, shared.Estimate, shared.Upper-shared.Lower, index, 1-index)
		}
		for i, n := range numbers {
			if !(n >= 0) {
				t.Fatalf("number %d is %v", i, n)
			}
		}
	})
}

func seeds(tb testing.TB) [][]byte {
	all := [][]byte{nil, {2}, {3, 12}, {2, 4}, {3, 4, 1, 5}, {3, 12, 1, 0, 5, 1, 0, 3}, {3, 17, 0, 0, 1, 9},
		append([]byte{2, 4}, "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x01\x02\x03\x04\x05\x06\x07"...)}
	for _, p := range []int64{4, 8, 12} {
		for _, n := range []int{1, 30, 3_000} {
			all = append(all, sample(tb, p, n, n))
		}
	}
	return all
}

func ExampleBuilder() {
	p, _ := NewPrecision(12)
	b := NewBuilder(p)
	for i := range 100_000 {
		b.Add(fmt.Appendf(nil, "client-%08d", i%1_000))
	}
	s, _ := Decode(b.Append(nil))
	fmt.Println(s.Cardinality())
	// Output: 993
}
