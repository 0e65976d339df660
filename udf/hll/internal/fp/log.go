// SPDX-License-Identifier: Apache-2.0

package fp

import "math"

// Log returns the natural logarithm of x.
//
//	Log(+Inf) = +Inf, Log(0) = -Inf, Log(x < 0) = NaN, Log(NaN) = NaN
func Log(x float64) float64 {
	switch {
	case x != x || x > math.MaxFloat64:
		return x
	case x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	}
	f, k := split(x)
	return logReduced(f-1, k)
}

// split returns f in [sqrt(1/2), sqrt(2)) and k with x = f * 2^k, for finite x > 0.
func split(x float64) (f float64, k int) {
	if x < 0x1p-1022 {
		x = float64(x * 0x1p54)
		k = -54
	}
	b := math.Float64bits(x)
	k += int(b>>52) - 1023
	f = math.Float64frombits(b&(1<<52-1) | 1023<<52)
	if f >= math.Sqrt2 {
		f = float64(f * 0.5)
		k++
	}
	return f, k
}

// logReduced returns ln(1+u) + k ln 2, for 1+u in [sqrt(1/2), sqrt(2)].
//
// With s = u/(2+u), ln(1+u) = 2 atanh(s) = 2s + s*R, R = 2s^2/3 + 2s^4/5 + ... As 2s = u - us and
// us = u^2/2 - s*u^2/2, ln(1+u) = u - (u^2/2 - s*(u^2/2 + R)): u is exact, and the terms that are rounded
// before the last addition are at most a quarter of the result. s^2 <= 0.0295, so the terms after s^20 are
// below 2^-60.
func logReduced(u float64, k int) float64 {
	s := u / (2 + u)
	z := float64(s * s)
	w := float64(z * z)
	// Odd and even terms apart: two short chains instead of a long one.
	odd := 2.0/3 + float64(w*(2.0/7+float64(w*(2.0/11+float64(w*(2.0/15+float64(w*(2.0/19))))))))
	even := 2.0/5 + float64(w*(2.0/9+float64(w*(2.0/13+float64(w*(2.0/17+float64(w*(2.0/21))))))))
	r := float64(z * (odd + float64(z*even)))
	half := float64(float64(0.5*u) * u)
	n := float64(k)
	// hi + lo = k*ln2Hi + u exactly: the first product is exact, and it is zero or the larger one.
	kHi := float64(n * ln2Hi)
	hi := kHi + u
	lo := (kHi - hi) + u
	return hi + (lo - (half - (float64(s*(half+r)) + float64(n*ln2Lo))))
}
