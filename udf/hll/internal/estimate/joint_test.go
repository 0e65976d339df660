// SPDX-License-Identifier: Apache-2.0

package estimate

import (
	"math"
	"testing"
)

func TestFit_IsTheMaximum(t *testing.T) {
	s := simulation(4)
	joints := map[string]JointHistogram{}
	for name, n := range map[string][3]int{
		"apart": {3000, 5000, 0}, "same": {0, 0, 3000}, "contained": {0, 9000, 500}, "mixed": {2000, 500, 700},
		"few": {2, 3, 2}, "small in large": {20, 100000, 20}, "large": {300000, 200000, 100000},
	} {
		joints[name] = s.joint(10, n[0], n[1], n[2])
	}
	for name, j := range joints {
		var f fit
		f.init(10, &j)
		here := f.at(f.best)
		for i, rate := range f.best {
			// At the maximum a rate has no slope, or is zero and would have to fall.
			if rate > 0 && math.Abs(here.grad[i]*rate) > 1e-3 || rate == 0 && here.grad[i] > 0 {
				t.Errorf("%s: slope %v at rate %v", name, here.grad[i], rate)
			}
		}
		if best := highestNear(&f); best > f.value+1e-6 {
			t.Errorf("%s: likelihood %v, but %v elsewhere", name, f.value, best)
		}
	}
}

// highestNear returns the highest likelihood on a coarse grid over all splits of the rates fitted, up to
// what is in the union and a quarter more.
func highestNear(f *fit) float64 {
	highest := math.Inf(-1)
	total := f.best[onlyFirst] + f.best[onlySecond] + f.best[inBoth]
	var axis [3][]float64
	for i := range axis {
		axis[i] = append(axis[i], 0, f.best[i], 0.99*f.best[i], 1.01*f.best[i])
		for x := 1.25 * total; x > 1e-4*total; x *= 0.7 {
			axis[i] = append(axis[i], x)
		}
	}
	for _, a := range axis[onlyFirst] {
		for _, b := range axis[onlySecond] {
			for _, x := range axis[inBoth] {
				highest = max(highest, f.at(rates{a, b, x}).value)
			}
		}
	}
	return highest
}

func TestFit_IsALocalMaximumForAnyRegisters(t *testing.T) {
	s := simulation(5)
	for n := range 300 {
		p := uint8(4 + s.next()%21)
		j := s.craftedJoint(p)
		var f fit
		f.init(p, &j)
		slack := 1e-9 * (1 + math.Abs(f.value))
		for i := range f.best {
			for _, factor := range []float64{0, 0.5, 0.9, 0.99, 1.01, 1.1, 2} {
				r := f.best
				r[i] *= factor
				if value := f.at(r).value; value > f.value+slack {
					t.Errorf("crafted %d, precision %d: likelihood %v at %v, but %v at %v", n, p, f.value, f.best, value, r)
				}
			}
		}
	}
}
