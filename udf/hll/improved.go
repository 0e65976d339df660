package hll

import (
	"math"

	"github.com/headcount-hll/headcount/udf/hll/internal/fp"
)

// improvedEstimate returns Ertl's improved estimate of the number of ids, from 0 (no id) up, without the
// bias that the original estimator has below 5 m (Ertl 2017, arXiv 1702.01284, section 2.5, algorithm 6):
//
//	estimate = m^2 / (2 ln 2) / (m sigma(C_0/m) + sum_{k>=1} C_k 2^-k)
//
// where C_k registers hold k. The paper's third term, m tau(1 - C_{q+1}/m) 2^-q, corrects for registers
// that cannot grow further. Here a register continues into the second word of the hash: none reaches its
// largest value, 128-p, below some 2^100 ids, and the term is left out, so that even a crafted sketch
// with all registers at the largest value has a finite estimate (at most 2^128 / (2 ln 2)).
func improvedEstimate(p uint8, h *histogram) float64 {
	m := float64(uint64(1) << p)
	zeros := float64(h[0])
	if zeros >= m {
		return 0
	}
	var sum float64 // Horner's rule: exact but for crafted registers, and then the same everywhere
	for k := len(h) - 1; k > 0; k-- {
		sum = float64(0.5 * (sum + float64(h[k])))
	}
	const alpha = 1 / (2 * math.Ln2)
	return float64(float64(alpha*m)*m) / (float64(m*sigma(zeros/m)) + sum)
}

// sigma returns x + sum_{k>=1} x^(2^k) 2^(k-1), for 0 <= x < 1 (Ertl 2017, section 2.5, algorithm 6).
// It takes at most p+10 rounds for x <= 1 - 2^-p: each squares x.
func sigma(x float64) float64 {
	sum, weight := x, 1.0
	for {
		x = float64(x * x)
		next := sum + float64(x*weight)
		if next == sum {
			return sum
		}
		sum, weight = next, weight+weight
	}
}

// standardError returns the standard deviation of an efficient estimate from the registers of n ids, in
// ids:
//
//	se(n)^2 = 1/I(n) - n
//	I(n)    = 1/m sum_k p_k (d ln p_k / dt)^2,  t = n/m
//	p_0 = e^-t,  p_k = e^(-t/2^k) (1 - e^(-t/2^k))
//
// I is the Fisher information of m registers under the Poisson model (Ertl 2017, section 3.1, equation
// for the register distribution). In the model the number of ids is itself random, with variance n; of a
// given set it is not, hence "- n".
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
	g := -fp.Expm1(float64(-t * weight)) // 1 - e^-u
	for ; k > 0; k-- {
		e := 1 - g
		d := e - g // 2 e^-u - 1
		info += float64(float64(weight*weight)*float64(float64(d*d)*e)) / g
		g = float64(g * (2 - g)) // 1 - e^-2u
		weight += weight
	}
	info += 1 - g
	return math.Sqrt(max(0, m/info-n))
}
