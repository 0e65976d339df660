// SPDX-License-Identifier: Apache-2.0

package estimate

import "math"

// Improved returns Ertl's improved estimate of the number of ids at precision p, 0 for no id. It does not have the bias of
// the original estimator below 5 m (Ertl 2017, arXiv 1702.01284, section 3.4, algorithm 6 and
// equation 32):
//
//	estimate = m^2 / (2 ln 2) / (m sigma(C_0/m) + sum_{k>=1} C_k 2^-k)
//
// where C_k registers hold k. The paper's third term, m tau(1 - C_{q+1}/m) 2^-q, corrects for registers
// that cannot grow further. Here a register continues into the second word of the hash: none reaches its
// largest value, 128-p, below some 2^100 ids, and the term is left out, so that even a crafted sketch
// with all registers at the largest value has a finite estimate (at most 2^128 / (2 ln 2)).
func Improved(p uint8, h *Histogram) float64 {
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

// sigma returns x + sum_{k>=1} x^(2^k) 2^(k-1), for 0 <= x < 1 (Ertl 2017, equation 33).
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
