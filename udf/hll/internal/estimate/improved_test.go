// SPDX-License-Identifier: Apache-2.0

package estimate

import (
	"math"
	"math/big"
	"testing"
)

// improvedOracle is algorithm 6 of Ertl 2017 in math/big, with sigma summed until nothing is left.
func improvedOracle(p uint8, h *Histogram) float64 {
	number := func(x float64) *big.Float { return new(big.Float).SetPrec(300).SetFloat64(x) }
	m := number(float64(uint64(1) << p))
	x := new(big.Float).Quo(number(float64(h[0])), m)
	sigma, weight := new(big.Float).Copy(x), number(1)
	for range p + 16 {
		x.Mul(x, x)
		sigma.Add(sigma, new(big.Float).Mul(x, weight))
		weight.Mul(weight, number(2))
	}
	sum := sigma.Mul(sigma, m)
	for k := 1; k < len(h); k++ {
		sum.Add(sum, new(big.Float).SetMantExp(number(float64(h[k])), -k))
	}
	estimate, _ := new(big.Float).Quo(new(big.Float).Mul(m, m), sum).Float64()
	return estimate / (2 * math.Ln2)
}

func TestImproved_EqualsThePapersFormula(t *testing.T) {
	s := simulation(1)
	for _, p := range []uint8{4, 8, 12, 15} {
		for _, n := range []int{1, 3, 100, 5000, 200000} {
			registers := make([]byte, 1<<p)
			s.add(registers, p, n)
			h := histogramOf(registers)
			got, want := Improved(p, &h), improvedOracle(p, &h)
			// Each squaring in sigma doubles a relative error: p of them matter.
			if math.Abs(got-want) > 1e-11*want {
				t.Errorf("precision %d, %d ids: %v, want %v", p, n, got, want)
			}
		}
	}
}

func TestImproved_IsZeroForTheEmptySketch(t *testing.T) {
	for p := uint8(4); p <= 24; p++ {
		h := Histogram{0: 1 << p}
		if got := Improved(p, &h); got != 0 {
			t.Errorf("precision %d: %v", p, got)
		}
	}
}

func TestImproved_IsOneForOneID(t *testing.T) {
	for p := uint8(8); p <= 24; p++ {
		for rho := byte(1); rho <= 128-p; rho++ {
			h := Histogram{0: 1<<p - 1}
			h[rho]++
			if got := Improved(p, &h); math.Abs(got-1) > 1e-5+3/float64(int(1)<<p) {
				t.Errorf("precision %d, rho %d: %v", p, rho, got)
			}
		}
	}
}

func TestImproved_IsFiniteAndMonotone(t *testing.T) {
	for p := uint8(4); p <= 24; p++ {
		last := 0.0
		for k := range 129 - int(p) { // all registers at k
			h := Histogram{}
			h[k] = 1 << p
			got := Improved(p, &h)
			if !(got >= last && got <= math.MaxFloat64) || k > 0 && got == last {
				t.Errorf("precision %d: %v for all registers at %d, after %v", p, got, k, last)
			}
			last = got
		}
	}
}
