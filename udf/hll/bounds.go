package hll

// estimateBounds returns an interval for the number of ids around an improved estimate, at a number of
// sigmas:
//
//	{n : |estimate - n| <= sigmas*se(n) + 1/2}
//
// The interval is bounded by the two n whose own standard error just reaches the estimate; the half is
// for n being whole. The lower end is at least nonzero, the number of registers that are not 0: each of
// them has seen an id of its own.
func estimateBounds(p uint8, estimate float64, nonzero int, sigmas int) (lower, upper float64) {
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
	lo, hi = estimate, estimate+1
	for range 200 { // at most three times at the smallest precision and three sigmas
		if hi-estimate > reach(hi) {
			break
		}
		lo, hi = hi, estimate+float64(2*(hi-estimate))
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
