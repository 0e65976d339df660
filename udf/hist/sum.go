// SPDX-License-Identifier: Apache-2.0

package hist

import (
	"fmt"
	"math"
)

// Trailer is the number of elements after the buckets of a histogram array: sum and count.
const Trailer = 2

// Add returns a+b, or the limit of int64 in the direction of the overflow.
func Add(a, b int64) int64 {
	sum := a + b
	if (a^sum)&(b^sum) < 0 { // both have the other sign than their sum
		return math.MaxInt64 + (a>>63)&1 // MinInt64 where a is negative
	}
	return sum
}

// Sum adds the bucket array other to into and returns the result. It uses the memory of into where that is long
// enough.
func Sum(into, other []int64) []int64 {
	for len(into) < len(other) {
		into = append(into, 0)
	}
	for i, v := range other {
		into[i] = Add(into[i], v)
	}
	return into
}

// SumHistograms adds the histogram array other to into and returns the result; into may be empty. Buckets are added
// to buckets, sum to sum and count to count, also where the arrays have different lengths. It uses the memory of into
// where that is long enough. An array without sum and count is an error, and leaves into as it was; so is an into of
// fewer elements that is not empty.
func SumHistograms(into, other []int64) ([]int64, error) {
	if len(other) < Trailer {
		return into, noTrailer(len(other))
	}
	if n := len(into); n > 0 && n < Trailer {
		return into, noTrailer(n)
	}
	if len(into) == 0 {
		return append(into, other...), nil
	}
	if missing := len(other) - len(into); missing > 0 {
		into = lengthen(into, missing)
	}
	buckets := len(other) - Trailer
	Sum(into[:buckets], other[:buckets])
	Sum(into[len(into)-Trailer:], other[buckets:])
	return into, nil
}

// lengthen inserts buckets of 0 before sum and count.
func lengthen(array []int64, buckets int) []int64 {
	end := len(array) - Trailer
	sum, count := array[end], array[end+1]
	array = append(array, make([]int64, buckets)...)
	array[end], array[end+1] = 0, 0
	array[len(array)-2], array[len(array)-1] = sum, count
	return array
}

func noTrailer(elements int) error {
	return fmt.Errorf("hist: histogram array of %d elements: must end with sum and count", elements)
}
