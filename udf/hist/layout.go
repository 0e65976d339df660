// SPDX-License-Identifier: Apache-2.0

package hist

import (
	"fmt"
	"math"
	"slices"
)

// MaxBuckets is the largest number of buckets of a layout.
const MaxBuckets = 100_000

// maxBound is the largest upper bound of a layout. Logarithms that differ in the last bit, as those of two machines
// may, would round to different bounds far above it.
const maxBound = 1 << 32

// A Layout is the ascending lower bounds of a histogram's buckets. It comes only from [NewLayout]; the zero value
// has no buckets.
type Layout struct {
	kind   Kind
	bounds []int64
}

// NewLayout returns the layout of a kind. For exponential and linear, low and high are the lower bounds of the second
// and of the last bucket, and n is the number of buckets. For enumerated n is the number of values and for categorical
// the number of labels; low and high are not used there, and none of the three is for boolean, flag and count.
func NewLayout(kind Kind, low, high, n int64) (Layout, error) {
	switch kind {
	case Exponential, Linear:
		return ranged(kind, low, high, n)
	case Enumerated:
		if n < 2 || n >= MaxBuckets {
			return Layout{}, fmt.Errorf("hist: enumerated layout of %d values: must be 2 to %d", n, MaxBuckets-1)
		}
		return Layout{kind, linear(1, n, int(n)+1)}, nil
	case Boolean, Flag, Count:
		return Layout{kind, []int64{0, 1, 2}}, nil
	case Categorical:
		if n < 1 || n >= MaxBuckets {
			return Layout{}, fmt.Errorf("hist: categorical layout of %d labels: must be 1 to %d", n, MaxBuckets-1)
		}
		bounds := make([]int64, n+1)
		for i := range bounds {
			bounds[i] = int64(i)
		}
		return Layout{kind, bounds}, nil
	}
	return Layout{}, fmt.Errorf("hist: layout of %v: not a kind", kind)
}

func ranged(kind Kind, low, high, n int64) (Layout, error) {
	if n < 3 || n > MaxBuckets {
		return Layout{}, fmt.Errorf("hist: %v layout of %d buckets: must be 3 to %d", kind, n, MaxBuckets)
	}
	if low < 1 || high <= low || high > maxBound {
		return Layout{}, fmt.Errorf("hist: %v layout from %d to %d: must be 1 <= low < high <= %d", kind, low, high, int64(maxBound))
	}
	bounds := linear
	if kind == Exponential {
		bounds = exponential
	}
	layout := Layout{kind, bounds(low, high, int(n))}
	if !slices.IsSorted(layout.bounds) {
		return Layout{}, fmt.Errorf("hist: %v layout from %d to %d with %d buckets: the bounds do not ascend", kind, low, high, n)
	}
	return layout, nil
}

func exponential(low, high int64, n int) []int64 {
	bounds := make([]int64, n)
	bounds[1] = low
	logHigh := math.Log(float64(high))
	for i := 2; i < n; i++ {
		current := bounds[i-1]
		logCurrent := math.Log(float64(current))
		next := int64(math.Floor(math.Exp(logCurrent+(logHigh-logCurrent)/float64(n-i)) + 0.5))
		bounds[i] = max(next, current+1)
	}
	return bounds
}

// linear converts each product to float64 before the addition, which forbids fusing both: all machines give the same
// bounds.
func linear(low, high int64, n int) []int64 {
	bounds := make([]int64, n)
	for i := 1; i < n; i++ {
		left, right := float64(float64(low)*float64(n-1-i)), float64(float64(high)*float64(i-1))
		bounds[i] = int64((left+right)/float64(n-2) + 0.5)
	}
	return bounds
}

// Kind returns the kind of the layout.
func (l Layout) Kind() Kind { return l.kind }

// Len returns the number of buckets.
func (l Layout) Len() int { return len(l.bounds) }

// Bounds returns the lower bounds. The caller must not change them.
func (l Layout) Bounds() []int64 { return l.bounds }

// Exact returns the bucket whose lower bound is bound, or -1. Where bounds repeat it is the first.
func (l Layout) Exact(bound int64) int {
	i, found := slices.BinarySearch(l.bounds, bound)
	if !found {
		return -1
	}
	return i
}

// near is how many bounds ExactFrom compares before it searches all.
const near = 8

// ExactFrom returns what Exact does. It is faster where the bucket is at from or soon after it, as the next one of ascending
// bounds is.
func (l Layout) ExactFrom(from int, bound int64) int {
	if 0 < from && from < len(l.bounds) && l.bounds[from-1] < bound {
		for i, b := range l.bounds[from:min(from+near, len(l.bounds))] {
			if b == bound {
				return from + i
			}
			if b > bound {
				return -1
			}
		}
	}
	return l.Exact(bound)
}

// Bucket returns the last bucket whose lower bound is not above value, and 0 for a value below every bound. The
// layout must have buckets. NaN is in bucket 0.
func (l Layout) Bucket(value float64) int {
	at := 0
	for n := len(l.bounds); n > 1; {
		half := n / 2
		if float64(l.bounds[at+half]) <= value { // a conditional move: no processor guesses the outcome
			at += half
		}
		n -= half
	}
	return at
}
