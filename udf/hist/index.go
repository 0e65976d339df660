// SPDX-License-Identifier: Apache-2.0

package hist

import "math/bits"

// An Index finds the bucket of a lower bound faster than a search: a hash table with open addressing, in most layouts without a
// collision. A step of a search, and a second slot, cost more than the rest: a processor does not guess them.
type Index struct {
	bounds []int64
	slots  []int32 // a bucket plus 1, or 0
	factor uint64
	shift  int
}

// golden is 2^64 divided by the golden ratio (Knuth, TAOCP 6.4).
const golden = 0x9E3779B97F4A7C15

// How many slots a bound has in a layout of few bounds and in another one, and how many factors are tried to have no collisions.
const (
	fewBounds   = 150
	slotsOfFew  = 16
	slotsOfMany = 2
	mostFactors = 128
)

// NewIndex returns the index of a layout, which must have buckets. It takes up to 128 bytes a bucket, and 16 in one of many buckets.
func NewIndex(l Layout) Index {
	n := len(l.bounds)
	if n > fewBounds {
		n *= slotsOfMany
	} else {
		n *= slotsOfFew
	}
	size := bits.Len(uint(n - 1))
	x := Index{l.bounds, make([]int32, 1<<size), golden, 64 - size}
	for range mostFactors {
		if x.fill() || len(l.bounds) > fewBounds {
			break
		}
		x.factor = x.factor*golden + 2 // odd again
	}
	return x
}

// fill fills the slots, and reports whether each bound is in its first one.
func (x *Index) fill() bool {
	clear(x.slots)
	first := true
	for i, bound := range x.bounds {
		at := x.slot(bound)
		if x.slots[at] == 0 {
			first = first && at == x.home(bound)
			x.slots[at] = int32(i + 1)
		}
	}
	return first
}

// Exact returns what Layout.Exact does.
func (x *Index) Exact(bound int64) int { return int(x.slots[x.slot(bound)]) - 1 }

// home returns the slot that is looked at first.
func (x *Index) home(bound int64) int { return int(uint64(bound) * x.factor >> x.shift) }

// slot returns the slot of a bound, or the free one where it would be.
func (x *Index) slot(bound int64) int {
	at := x.home(bound)
	for {
		i := x.slots[at]
		if i == 0 || x.bounds[i-1] == bound {
			return at
		}
		if at++; at == len(x.slots) {
			at = 0
		}
	}
}
