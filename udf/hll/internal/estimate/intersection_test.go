// SPDX-License-Identifier: Apache-2.0

package estimate

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"testing"

	"github.com/headcount-hll/headcount/udf/hll/internal/fp/fusetest"
)

func requireInterval(t *testing.T, what string, p uint8, j *JointHistogram) (estimate, lower, upper float64) {
	t.Helper()
	estimate, lower, upper = Intersection(p, j)
	if !(0 <= lower && lower <= estimate && estimate <= upper && upper <= math.MaxFloat64) {
		t.Errorf("%s: %v in [%v, %v]", what, estimate, lower, upper)
	}
	if share := Jaccard(p, j); !(0 <= share && share <= 1) {
		t.Errorf("%s: Jaccard %v", what, share)
	}
	other := j.swapped()
	e, l, u := Intersection(p, &other)
	if e != estimate || l != lower || u != upper || Jaccard(p, j) != Jaccard(p, &other) {
		t.Errorf("%s: %v in [%v, %v], but %v in [%v, %v] in the other order", what, estimate, lower, upper, e, l, u)
	}
	return estimate, lower, upper
}

func TestIntersection_WithTheEmptySketchIsZero(t *testing.T) {
	s := simulation(6)
	for _, n := range []int{0, 1, 100, 100000} {
		j := s.joint(12, 0, n, 0)
		if e, l, u := requireInterval(t, "with nothing", 12, &j); e != 0 || l != 0 || u != 0 {
			t.Errorf("%d ids and none: %v in [%v, %v]", n, e, l, u)
		}
		want := 0.0
		if n == 0 {
			want = 1
		}
		if got := Jaccard(12, &j); got != want {
			t.Errorf("%d ids and none: Jaccard %v, want %v", n, got, want)
		}
	}
}

func TestIntersection_OfEqualSketchesIsTheirEstimate(t *testing.T) {
	s := simulation(7)
	for _, p := range []uint8{4, 8, 12, 16} {
		for _, n := range []int{1, 10, 1000, 30000} {
			j := s.joint(p, 0, 0, n)
			e, l, u := requireInterval(t, "equal", p, &j)
			if Jaccard(p, &j) != 1 {
				t.Errorf("precision %d, %d ids: Jaccard %v of equal sketches", p, n, Jaccard(p, &j))
			}
			h := j.first()
			whole := Improved(p, &h)
			if e != whole || l == 0 || l > whole || u < whole {
				t.Errorf("precision %d, %d ids: %v in [%v, %v], but %v in each", p, n, e, l, u, whole)
			}
		}
	}
}

func TestIntersection_WithASubsetIsTheSubset(t *testing.T) {
	s := simulation(8)
	for _, n := range [][2]int{{1, 1000}, {100, 100}, {1000, 50000}, {50000, 1000}} {
		j := s.joint(12, 0, n[1], n[0])
		var f fit
		f.init(12, &j)
		if f.best[onlyFirst] != 0 && f.best[onlySecond] != 0 {
			t.Errorf("%d in %d: rates %v, want none only in the smaller", n[0], n[0]+n[1], f.best)
		}
		e, l, u := requireInterval(t, "contained", 12, &j)
		h := j.first() // the smaller one
		small := Improved(12, &h)
		if e != small || l > small || u < small {
			t.Errorf("%d in %d: %v in [%v, %v], want %v", n[0], n[0]+n[1], e, l, u, small)
		}
	}
}

func TestIntersection_OfDisjointSetsMayBeZero(t *testing.T) {
	s := simulation(9)
	zero := 0
	for range 40 {
		j := s.joint(12, 20000, 30000, 0)
		if _, l, _ := requireInterval(t, "apart", 12, &j); l == 0 {
			zero++
		}
	}
	if zero < 35 {
		t.Errorf("the interval includes zero in %d of 40", zero)
	}
}

func TestIntersection_IsAboveZeroForAClearOverlap(t *testing.T) {
	s := simulation(10)
	for _, n := range [][3]int{{5, 5, 5}, {1000, 1000, 1000}, {50000, 50000, 50000}, {1000, 100000, 50000}} {
		j := s.joint(12, n[0], n[1], n[2])
		if e, l, u := requireInterval(t, "plain", 12, &j); !(l > 0) {
			t.Errorf("%v: %v in [%v, %v]", n, e, l, u)
		}
	}
}

// The ends of the interval are where the deviance, 4 sigmas squared, has the share that is not the Poisson
// model's own.
func TestInterval_EndsAtTheDeviance(t *testing.T) {
	s := simulation(11)
	for _, n := range [][3]int{{5000, 5000, 5000}, {100000, 3000, 3000}, {500, 500, 200}} {
		j := s.joint(12, n[0], n[1], n[2])
		_, lower, upper := Intersection(12, &j)
		var f fit
		f.init(12, &j)
		for _, end := range []float64{lower + 0.5, upper - 0.5} {
			r := f.best
			r[inBoth] = end / f.registers
			r, value := f.climb(r, inBoth)
			if d := 2 * (f.value - value); math.Abs(d-4*f.share(r)) > 0.02 {
				t.Errorf("%v: deviance %v at %v, want %v", n, d, end, 4*f.share(r))
			}
		}
	}
}

func TestIntersection_IsFiniteForAnyRegisters(t *testing.T) {
	s := simulation(12)
	for range 400 {
		p := uint8(4 + s.next()%21)
		j := s.craftedJoint(p)
		requireInterval(t, "crafted", p, &j)
	}
	for p := uint8(4); p <= 24; p++ {
		for _, pair := range [][2]byte{{128 - p, 128 - p}, {0, 128 - p}, {1, 128 - p}, {1, 1}, {1, 2}, {127 - p, 128 - p}} {
			var j JointHistogram
			j.count(pair[0], pair[1], 1<<p)
			requireInterval(t, "all registers alike", p, &j)
		}
	}
}

// A digest of many results holds every architecture that the tests run on to the same bits.
func TestEstimates_HaveTheSameBitsOnEveryArchitecture(t *testing.T) {
	s := simulation(13)
	digest := sha256.New()
	add := func(values ...float64) {
		for _, v := range values {
			digest.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)))
		}
	}
	for i := range 60 {
		p := uint8(6 + i%8)
		j := s.joint(p, int(s.next()%20000), int(s.next()%3000), int(s.next()%3000))
		if i%4 == 0 {
			j = s.craftedJoint(p)
		}
		h := j.union()
		e := Improved(p, &h)
		l1, u1 := Bounds(p, e, 1, 1)
		l3, u3 := Bounds(p, e, 1, 3)
		x, l, u := Intersection(p, &j)
		add(e, l1, u1, l3, u3, x, l, u, Jaccard(p, &j))
	}
	const want = "f961fb8a129b43d7"
	if got := hex.EncodeToString(digest.Sum(nil)[:8]); got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
}

func TestSource_HasNoFusibleProduct(t *testing.T) {
	fusetest.Check(t, ".", "improved.go", "bounds.go", "likelihood.go", "joint.go", "intersection.go")
}

func TestEstimates_AllocateNothing(t *testing.T) {
	s := simulation(14)
	j := s.joint(12, 1000, 1000, 1000)
	h := j.union()
	if n := testing.AllocsPerRun(20, func() {
		Bounds(12, Improved(12, &h), 1, 2)
		Intersection(12, &j)
		Jaccard(12, &j)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkIntersection(b *testing.B) {
	for name, n := range map[string][3]int{
		"overlap 0.1 %": {99900, 99900, 100}, "overlap 10 %": {90000, 90000, 10000}, "overlap 50 %": {50000, 50000, 50000},
		"equal": {0, 0, 10000}, "contained": {0, 500000, 5000}, "small": {50, 50, 50},
	} {
		s := simulation(15)
		var joints [16]JointHistogram
		for i := range joints {
			joints[i] = s.joint(12, n[0], n[1], n[2])
		}
		b.Run(name+"/estimate", func(b *testing.B) {
			for i := range b.N {
				Jaccard(12, &joints[i&15])
			}
		})
		b.Run(name+"/interval", func(b *testing.B) {
			for i := range b.N {
				Intersection(12, &joints[i&15])
			}
		})
	}
}

func BenchmarkEstimate(b *testing.B) {
	s := simulation(16)
	registers := make([]byte, 1<<12)
	s.add(registers, 12, 10000)
	h := histogramOf(registers)
	e := Improved(12, &h)
	b.Run("improved", func(b *testing.B) {
		for range b.N {
			Improved(12, &h)
		}
	})
	b.Run("bounds", func(b *testing.B) {
		for range b.N {
			Bounds(12, e, 1, 2)
		}
	})
}

// The most over 100,000 such pairs was 408 evaluations, of a few microseconds each.
func TestFit_TakesFewEvaluationsForAnyRegisters(t *testing.T) {
	s := simulation(9)
	for n := range 5000 {
		p := uint8(4 + s.next()%21)
		j := s.craftedJoint(p)
		var f fit
		f.intersection(p, &j)
		if f.evaluations > 1000 {
			t.Errorf("crafted %d, precision %d: %d evaluations", n, p, f.evaluations)
		}
	}
}
