// SPDX-License-Identifier: Apache-2.0

package estimate

import (
	"math"
	"testing"
)

// standardErrorOracle is the sum over all levels that a double can tell from nothing, term by term.
func standardErrorOracle(p uint8, n float64) float64 {
	m := math.Ldexp(1, int(p))
	t := n / m
	info := math.Exp(-t)
	for k := 1; k < 1000; k++ {
		u := math.Ldexp(t, -k)
		probability := math.Exp(-u) * -math.Expm1(-u)
		score := (1/math.Expm1(u) - 1) * math.Ldexp(1, -k)
		if probability > 0 {
			info += probability * score * score
		}
	}
	return math.Sqrt(math.Max(0, m/info-n))
}

func TestStandardError_FollowsFromTheInformation(t *testing.T) {
	for _, p := range []uint8{4, 12, 24} {
		for n := 1.0; n < 1e12; n *= 3.7 {
			got, want := standardError(p, n), standardErrorOracle(p, n)
			// What is left of 1/I - n where both are near n carries their rounding.
			if math.Abs(got*got-want*want) > 1e-9*want*want+1e-13*n {
				t.Errorf("precision %d, %v ids: %v, want %v", p, n, got, want)
			}
		}
	}
	// 1.04/sqrt(m) is the original estimator's; an efficient one is a little better.
	if got := standardError(12, 1e8) / 1e8 * 64; got < 1.02 || got > 1.04 {
		t.Errorf("standard error of many ids: %v/sqrt(m)", got)
	}
}

func TestBounds_AreWhereTheStandardErrorReachesTheEstimate(t *testing.T) {
	for _, p := range []uint8{4, 8, 12, 24} {
		for estimate := 3.0; estimate < 1e15; estimate *= 5 {
			for sigmas := 1; sigmas <= 3; sigmas++ {
				lower, upper := Bounds(p, estimate, 1, sigmas)
				k := float64(sigmas)
				if d := estimate - lower - k*standardError(p, lower) - 0.5; lower > 1 && math.Abs(d) > 1e-7*estimate {
					t.Errorf("precision %d, estimate %v, %d sigmas: lower %v is off by %v", p, estimate, sigmas, lower, d)
				}
				if d := upper - estimate - k*standardError(p, upper) - 0.5; math.Abs(d) > 1e-7*upper {
					t.Errorf("precision %d, estimate %v, %d sigmas: upper %v is off by %v", p, estimate, sigmas, upper, d)
				}
			}
		}
	}
}

func TestBounds_WidenWithSigmas(t *testing.T) {
	for _, p := range []uint8{4, 8, 12, 24} {
		for estimate := 1.0; estimate < 1e40; estimate *= 3 {
			last := [2]float64{estimate, estimate}
			for sigmas := 1; sigmas <= 3; sigmas++ {
				lower, upper := Bounds(p, estimate, 1, sigmas)
				if !(1 <= lower && lower <= last[0] && upper > last[1] && upper <= math.MaxFloat64) {
					t.Fatalf("precision %d, estimate %v: [%v, %v] at %d sigmas, after %v", p, estimate, lower, upper, sigmas, last)
				}
				last = [2]float64{lower, upper}
			}
		}
	}
}

func TestBounds_AreZeroForTheEmptySketch(t *testing.T) {
	if lower, upper := Bounds(12, 0, 0, 3); lower != 0 || upper != 0 {
		t.Errorf("[%v, %v]", lower, upper)
	}
}

func TestBounds_LowerIsAtLeastTheNonzeroRegisters(t *testing.T) {
	s := simulation(2)
	for range 200 {
		n := 1 + int(s.next()%5000)
		registers := make([]byte, 1<<12)
		s.add(registers, 12, n)
		h := histogramOf(registers)
		nonzero := 1<<12 - int(h[0])
		for sigmas := 1; sigmas <= 3; sigmas++ {
			lower, upper := Bounds(12, Improved(12, &h), nonzero, sigmas)
			if lower < float64(nonzero) || upper < lower {
				t.Errorf("%d ids, %d registers: [%v, %v]", n, nonzero, lower, upper)
			}
		}
	}
}

func TestBounds_AreFiniteForAnyRegisters(t *testing.T) {
	for p := uint8(4); p <= 24; p++ {
		for k := 1; k <= 128-int(p); k++ {
			h := Histogram{}
			h[k] = 1 << p
			estimate := Improved(p, &h)
			lower, upper := Bounds(p, estimate, 1<<p, 3)
			if !(float64(int(1)<<p) <= lower && lower <= upper && upper <= math.MaxFloat64) {
				t.Errorf("precision %d, all registers at %d: estimate %v, [%v, %v]", p, k, estimate, lower, upper)
			}
		}
	}
}
