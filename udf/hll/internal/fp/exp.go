// SPDX-License-Identifier: Apache-2.0

package fp

import "math"

// Exp returns e^x.
//
//	Exp(+Inf) = +Inf, Exp(-Inf) = 0, Exp(NaN) = NaN; +Inf on overflow, 0 on underflow
func Exp(x float64) float64 {
	switch {
	case x != x:
		return x
	case x > 0x1.62e42fefa39efp+9: // ln(MaxFloat64), rounded down
		return math.Inf(1)
	case x < -746: // below half of the smallest subnormal number
		return 0
	}
	hi, lo, k := expReduced(x)
	y := hi + lo
	// In two steps, so that neither factor leaves the range of powers of two; at most the second rounds.
	half := k / 2
	return float64(float64(y*Pow2(half)) * Pow2(k-half))
}

// Expm1 returns e^x - 1, accurate also where x is small.
//
//	Expm1(+Inf) = +Inf, Expm1(-Inf) = -1, Expm1(±0) = ±0, Expm1(NaN) = NaN; +Inf on overflow
func Expm1(x float64) float64 {
	switch {
	case x != x || x == 0:
		return x
	case x > 40: // 1 is below half an ulp
		return Exp(x)
	case x < -40:
		return -1
	case x > -0.34 && x < 0.34:
		return x + expTail(x)
	}
	hi, lo, k := expReduced(x)
	scale := Pow2(k)
	hi = float64(hi * scale) // exact, |k| < 60
	lo = float64(lo * scale)
	// d + e = hi - 1 exactly.
	d := hi - 1
	e := (hi - d) - 1
	if hi < 1 {
		e = hi - (d + 1)
	}
	return d + (e + lo)
}

// expReduced returns hi, lo and k with e^x = (hi + lo) * 2^k, hi in [0.7, 1.42] and lo small, for x
// within the range of Exp.
func expReduced(x float64) (hi, lo float64, k int) {
	n := float64(x * (1 / math.Ln2))
	if n >= 0 {
		k = int(n + 0.5)
	} else {
		k = int(n - 0.5)
	}
	// x = k ln 2 + r + rest, with |r| <= 0.35; the first product and the first difference are exact.
	n = float64(k)
	a := x - float64(n*ln2Hi)
	b := float64(n * ln2Lo)
	r := a - b
	rest := (a - r) - b
	// hi + err = 1 + r exactly.
	hi = 1 + r
	err := (1 - hi) + r
	// e^(r+rest) = e^r + rest*e^r; the factor matters only to the first order of r.
	return hi, err + (expTail(r) + (rest + float64(rest*r))), k
}

// expTail returns e^r - 1 - r for |r| <= 0.35, by the Taylor series r^2/2! + r^3/3! + ...; the terms
// after r^14 weigh less than 2^-62 of r.
func expTail(r float64) float64 {
	z := float64(r * r)
	even := 1.0/2 + float64(z*(1.0/24+float64(z*(1.0/720+float64(z*(1.0/40320+float64(z*(1.0/3628800+float64(z*(1.0/479001600+float64(z*(1.0/87178291200))))))))))))
	odd := 1.0/6 + float64(z*(1.0/120+float64(z*(1.0/5040+float64(z*(1.0/362880+float64(z*(1.0/39916800+float64(z*(1.0/6227020800))))))))))
	return float64(z * (even + float64(r*odd)))
}
