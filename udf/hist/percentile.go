// SPDX-License-Identifier: Apache-2.0

package hist

import "fmt"

// Percentile returns the value below which p percent of the counts are; the package comment has the formula. ok is
// false where there are no counts. bounds and counts must be of one length and p within 0 to 100.
func Percentile(bounds, counts []int64, p float64) (value float64, ok bool, err error) {
	if err := checkCounts(bounds, counts); err != nil {
		return 0, false, err
	}
	if !(p >= 0 && p <= 100) { // also NaN
		return 0, false, fmt.Errorf("hist: percentile %v: must be 0 to 100", p)
	}
	total := Total(counts)
	if total == 0 {
		return 0, false, nil
	}
	rank, before, last := total*(p/100), 0.0, 0
	for i, c := range counts {
		if c <= 0 {
			continue
		}
		if before+float64(c) >= rank {
			return within(bounds, i, (rank-before)/float64(c)), true, nil
		}
		before += float64(c)
		last = i
	}
	return within(bounds, last, 1), true, nil // rounding put the rank above the last count
}

// within returns the value at a share, 0 to 1, of bucket i.
func within(bounds []int64, i int, share float64) float64 {
	low := float64(bounds[i])
	if i == len(bounds)-1 {
		return low
	}
	width := float64(bounds[i+1]) - low
	return low + float64(width*min(max(share, 0), 1))
}

// Mean returns the mean of the counts, each taken at the middle of its bucket; the package comment has the formula.
// ok is false where there are no counts. bounds and counts must be of one length.
func Mean(bounds, counts []int64) (value float64, ok bool, err error) {
	if err := checkCounts(bounds, counts); err != nil {
		return 0, false, err
	}
	total := Total(counts)
	if total == 0 {
		return 0, false, nil
	}
	for i, c := range counts {
		if c > 0 {
			value += float64(within(bounds, i, 0.5) * (float64(c) / total))
		}
	}
	return value, true, nil
}

// Total returns the sum of the counts above 0. It is a float64 because it can exceed int64.
func Total(counts []int64) (total float64) {
	for _, c := range counts {
		total += float64(max(c, 0))
	}
	return total
}

// checkCounts checks that each count has a bound and that bounds ascend: both arrays can come from a query.
func checkCounts(bounds, counts []int64) error {
	if len(bounds) != len(counts) {
		return fmt.Errorf("hist: %d bounds with %d counts: must be of one length", len(bounds), len(counts))
	}
	for i := 1; i < len(bounds); i++ {
		if bounds[i] < bounds[i-1] {
			return fmt.Errorf("hist: bound %d, %d, is below the one before it, %d", i, bounds[i], bounds[i-1])
		}
	}
	return nil
}
