// SPDX-License-Identifier: Apache-2.0

package estimate

import (
	"math"

	"github.com/headcount-hll/headcount/udf/hll/internal/fp"
)

// Bounds returns an interval for the number of ids around an improved estimate, at a number of
// sigmas:
//
//	{n : |estimate - n| <= sigmas*se(n) + 1/2}
//
// The interval is bounded by the two n whose own standard error just reaches the estimate; the half is
// for n being whole. The lower end is at least nonzero, the number of registers that are not 0: each of
// them has seen an id of its own. Without such a register there is no id: both ends are 0.
func Bounds(p uint8, estimate float64, nonzero int, sigmas int) (lower, upper float64) {
	if nonzero == 0 {
		return 0, 0
	}
	k := float64(sigmas)
	reach := func(n float64) float64 { return float64(k*standardError(p, n)) + 0.5 }
	lo, hi := 0.0, max(0, estimate-0.5)
	for narrower(lo, hi) {
		if n := lo + float64(0.5*(hi-lo)); estimate-n > reach(n) {
			lo = n
		} else {
			hi = n
		}
	}
	lower = max(lo, float64(nonzero))
	lo, hi = estimate, estimate+estimate+1
	for hi-estimate <= reach(hi) { // five times the estimate is enough at the smallest precision and three sigmas
		lo, hi = hi, hi+hi
	}
	for narrower(lo, hi) {
		if n := lo + float64(0.5*(hi-lo)); n-estimate > reach(n) {
			hi = n
		} else {
			lo = n
		}
	}
	return lower, max(lower, hi)
}

// narrower reports whether bisecting [lo, hi] changes an end by more than a billionth.
func narrower(lo, hi float64) bool { return hi-lo > float64(1e-9*hi) && hi > 1e-3 }

// standardError returns the standard deviation of an efficient estimate from the registers of n ids, in
// ids:
//
//	se(n)^2 = 1/I(n) - n
//	I(n)    = 1/m sum_k p_k (d ln p_k / dt)^2,  t = n/m
//	p_0 = e^-t,  p_k = e^(-t/2^k) (1 - e^(-t/2^k))
//
// I is the Fisher information of m registers under the Poisson model (Ertl 2017, arXiv 1702.01284,
// section 2.3, equation 6). There the number of ids is itself random, with variance n; of a given set it
// is not, hence "- n".
func standardError(p uint8, n float64) float64 {
	if !(n > 0) {
		return 0
	}
	m := float64(uint64(1) << p)
	t := n / m
	// From small terms to large ones. Where u = t/2^k is tiny, the terms are 2^-k/t (1 + O(u)) and their sum
	// beyond k is 2^-k/t.
	k := max(0, math.Ilogb(t)) + 24
	weight := fp.Pow2(-k)
	info := weight / t
	u := exponentialOf(float64(t * weight))
	for ; k > 0; k-- {
		d := u.value - u.rest // p_k' = p_k/2^k (2 e^-u - 1)/(1 - e^-u)
		info += float64(float64(weight*weight)*float64(float64(d*d)*u.value)) / u.rest
		u = u.squared()
		weight += weight
	}
	info += u.value
	return math.Sqrt(max(0, m/info-n))
}
