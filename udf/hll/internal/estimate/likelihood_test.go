// SPDX-License-Identifier: Apache-2.0

package estimate

import (
	"math"
	"testing"
)

// pairProbability is the probability that a pair of registers holds i and k: differences of the joint
// distribution function e^(-a/2^i - b/2^k - x/2^min(i,k)).
func pairProbability(r rates, i, k int) float64 {
	below := func(i, k int) float64 {
		if i < 0 || k < 0 {
			return 0
		}
		return math.Exp(-math.Ldexp(r[onlyFirst], -i) - math.Ldexp(r[onlySecond], -k) - math.Ldexp(r[inBoth], -min(i, k)))
	}
	return below(i, k) - below(i-1, k) - below(i, k-1) + below(i-1, k-1)
}

var someRates = []rates{{1, 1, 1}, {0.1, 5, 0.3}, {20, 0.2, 3}, {0.01, 0.02, 2}, {7, 9, 0.001}, {3, 0, 2}, {2, 4, 0}}

func TestLikelihood_IsTheProbabilityOfTheRegisters(t *testing.T) {
	for _, r := range someRates {
		for i := range 8 {
			for k := range 8 {
				want := math.Log(pairProbability(r, i, k))
				if got := likelihoodOf(i, k).at(r).value; math.Abs(got-want) > 1e-6 && !(math.IsInf(got, -1) && want < -30) {
					t.Errorf("rates %v, registers %d and %d: %v, want %v", r, i, k, got, want)
				}
			}
		}
	}
}

// likelihoodOf is that of one pair of registers.
func likelihoodOf(i, k int) *likelihood {
	var j JointHistogram
	j.count(byte(i), byte(k), 1)
	var l likelihood
	l.init(&j)
	return &l
}

func TestSlope_IsTheLikelihoodsDerivatives(t *testing.T) {
	s := simulation(3)
	for _, size := range [][3]int{{100, 200, 300}, {50000, 1000, 20000}, {3, 3, 1}, {1000, 1000, 0}} {
		j := s.joint(10, size[0], size[1], size[2])
		var l likelihood
		l.init(&j)
		r := rates{float64(size[0])/900 + 0.01, float64(size[1])/1100 + 0.01, float64(size[2])/1000 + 0.01}
		here := l.at(r)
		for i := range r {
			// Differences in units where each rate is 1.
			h := 1e-5 * r[i]
			up, down := r, r
			up[i] += h
			down[i] -= h
			above, below := l.at(up), l.at(down)
			difference := (above.value - below.value) / (2 * h)
			if math.Abs(difference-here.grad[i])*r[i] > 1e-5*1024 {
				t.Errorf("sizes %v: gradient %d is %v, differences say %v", size, i, here.grad[i], difference)
			}
			for k := range r {
				difference := -(above.grad[k] - below.grad[k]) / (2 * h)
				got := here.info[max(i, k)][min(i, k)]
				if math.Abs(difference-got)*r[i]*r[k] > 1e-5*1024 {
					t.Errorf("sizes %v: information %d,%d is %v, differences say %v", size, i, k, got, difference)
				}
			}
		}
	}
}

func TestExpectedInformation_IsTheMeanOfSquaredScores(t *testing.T) {
	const p, levels = 4, 40
	for _, r := range someRates[:5] {
		var want [3][3]float64
		for i := range levels {
			for k := range levels {
				probability := pairProbability(r, i, k)
				score := likelihoodOf(i, k).at(r).grad
				for row := range want {
					for column := range row + 1 {
						want[row][column] += (1 << p) * probability * score[row] * score[column]
					}
				}
			}
		}
		f := fit{registers: 1 << p}
		got := f.expected(r)
		for row := range want {
			for column := range row + 1 {
				if math.Abs(got[row][column]-want[row][column])*r[row]*r[column] > 1e-5 { // small probabilities are differences of large ones
					t.Errorf("rates %v: information %d,%d is %v, want %v", r, row, column, got[row][column], want[row][column])
				}
			}
		}
	}
}

func TestSolve_InvertsPositiveDefiniteMatricesOnly(t *testing.T) {
	a := [3][3]float64{{4}, {2, 5}, {-1, 1, 3}}
	x := [3]float64{4 + 4 - 3, 2 + 10 + 3, -1 + 2 + 9} // a * (1, 2, 3)
	if !solve(&a, &x, 3) || math.Abs(x[0]-1)+math.Abs(x[1]-2)+math.Abs(x[2]-3) > 1e-14 {
		t.Errorf("solution %v", x)
	}
	for _, a := range [][3][3]float64{{{0}}, {{1}, {2, 4}}, {{1}, {2, 1}}, {{-1}}, {{math.NaN()}}, {{math.Inf(1)}}} {
		b, x := a, [3]float64{1, 1, 1}
		n := 2
		if a[1][0] == 0 {
			n = 1
		}
		if solve(&b, &x, n) {
			t.Errorf("%v passes for positive definite", a)
		}
	}
}
