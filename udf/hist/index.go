// SPDX-License-Identifier: Apache-2.0

package hist

import "math/bits"

// An Index finds the bucket of a lower bound faster than a search: a hash table with open addressing, at most half full.
type Index struct {
	bounds []int64
	slots  []int32 // a bucket plus 1, or 0
	shift  int
}

// NewIndex returns the index of a layout, which must have buckets. It takes up to 16 bytes a bucket.
func NewIndex(l Layout) Index {
	size := bits.Len(uint(2*len(l.bounds) - 1))
	x := Index{l.bounds, make([]int32, 1<<size), 64 - size}
	for i, bound := range l.bounds {
		at := x.slot(bound)
		if x.slots[at] == 0 {
			x.slots[at] = int32(i + 1)
		}
	}
	return x
}

// Exact returns what Layout.Exact does.
func (x *Index) Exact(bound int64) int { return int(x.slots[x.slot(bound)]) - 1 }

// slot returns the slot of a bound, or the free one where it would be.
func (x *Index) slot(bound int64) int {
	at := int(uint64(bound) * 0x9E3779B97F4A7C15 >> x.shift) // 2^64 divided by the golden ratio (Knuth, TAOCP 6.4)
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
