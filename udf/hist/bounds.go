// SPDX-License-Identifier: Apache-2.0

package hist

import (
	"fmt"
	"math"
)

// PercentileBounds returns the bounds of a percentile for n independent observations. The number of observations below
// the percentile of the source is binomial, so that it is n*p +- sigmas*sqrt(n*p*(1-p)) in its normal approximation
// (David and Nagaraja, Order Statistics, section 7.1). The bounds are the lower edge of the bucket that has the
// observation of the lower rank and the upper edge of the bucket that has that of the upper rank. lower is the first
// bound where the lower rank is below the first observation. upper is +Inf where the upper rank is above the last
// observation, or in the last bucket, which has no upper edge. ok is false where there are no counts or n is below 1.
func PercentileBounds(bounds, counts []int64, p, n, sigmas float64) (lower, upper float64, ok bool, err error) {
	if err := checkCounts(bounds, counts); err != nil {
		return 0, 0, false, err
	}
	if !(p >= 0 && p <= 100) || !(sigmas > 0) { // also NaN
		return 0, 0, false, fmt.Errorf("hist: bounds of percentile %v at %v sigmas: must be 0 to 100, and above 0 sigmas", p, sigmas)
	}
	total := Total(counts)
	if total == 0 || !(n >= 1) {
		return 0, 0, false, nil
	}
	share := p / 100
	half := sigmas * math.Sqrt(share*(1-share)/n)
	low, high := share-half, share+half+1/n
	lower, upper = float64(bounds[0]), math.Inf(1)
	if low > 0 {
		lower = float64(bounds[bucketAt(counts, low*total)])
	}
	if high <= 1 {
		if last := bucketAt(counts, high*total); last < len(bounds)-1 {
			upper = float64(bounds[last+1])
		}
	}
	return lower, upper, true, nil
}

// bucketAt returns the bucket in which a rank falls. There must be counts.
func bucketAt(counts []int64, rank float64) int {
	before, last := 0.0, 0
	for i, c := range counts {
		if c <= 0 {
			continue
		}
		before += float64(c)
		last = i
		if before >= rank {
			return i
		}
	}
	return last
}

// MeanBounds returns the bounds of the mean for n independent observations: the mean with all counts at the lower and at
// the upper edges of their buckets, less and plus sigmas standard errors. The last bucket counts at its lower bound, as
// in [Mean]. ok is false where there are no counts or n is below 2.
func MeanBounds(bounds, counts []int64, n, sigmas float64) (lower, upper float64, ok bool, err error) {
	mean, ok, err := Mean(bounds, counts)
	if err != nil || !ok || !(n >= 2) {
		return 0, 0, false, err
	}
	total, variance := Total(counts), 0.0
	for i, c := range counts {
		if c <= 0 {
			continue
		}
		share := float64(c) / total
		lower += float64(within(bounds, i, 0) * share)
		upper += float64(within(bounds, i, 1) * share)
		distance := within(bounds, i, 0.5) - mean
		variance += float64(distance * distance * share)
	}
	half := sigmas * math.Sqrt(variance/(n-1))
	return max(lower-half, float64(bounds[0])), upper + half, true, nil
}

// Shares returns the share of each count in their total, and the share of all counts up to it. Both are 0 where there are
// no counts.
func Shares(counts []int64) (shares, cumulative []float64) {
	shares, cumulative = make([]float64, len(counts)), make([]float64, len(counts))
	total, before := Total(counts), 0.0
	if total == 0 {
		return shares, cumulative
	}
	for i, c := range counts {
		before += float64(max(c, 0))
		shares[i], cumulative[i] = float64(max(c, 0))/total, before/total
	}
	return shares, cumulative
}

// Occupied returns the first and the last bucket with a count above 0, and -1, -1 where there is none.
func Occupied(counts []int64) (first, last int) {
	first, last = -1, -1
	for i, c := range counts {
		if c > 0 {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	return first, last
}
