// SPDX-License-Identifier: Apache-2.0

package hist

import (
	"math"
	"math/bits"
)

// An Index finds the bucket of a lower bound faster than a search: in most layouts by Few, otherwise by a hash table with open addressing.
type Index struct {
	few    *Few
	bounds []int64 // without few,
	slots  []int32 // a bucket plus 1, or 0
	hash
}

// A Few is the index of a layout in which each bound has a slot of its own: a byte, so that the slots of all layouts of a program stay in the
// cache next to the processor.
type Few struct {
	slots []uint8      // a bucket plus 1, or 0
	keys  *[256]uint32 // the bounds by what slots has
	hash
}

// A hash gives numbers slots.
type hash struct {
	factor uint64
	shift  uint8
}

// newHash returns a hash of at least n slots, and how many there are.
func newHash(n int) (h hash, slots int) {
	size := bits.Len(uint(n - 1))
	return hash{golden, uint8(64 - size)}, 1 << size
}

// home returns the slot of a number.
func (h hash) home(n int64) int { return int(uint64(n) * h.factor >> (h.shift & 63)) }

// golden is 2^64 divided by the golden ratio (Knuth, TAOCP 6.4).
const golden = 0x9E3779B97F4A7C15

// How many slots a bound has in a layout of few bounds and in another one, and how many factors are tried to give each a slot of its own.
const (
	fewBounds   = 150
	slotsOfFew  = 16
	slotsOfMany = 2
	mostFactors = 128
)

// NewIndex returns the index of a layout, which must have buckets. It takes up to 32 bytes a bucket and 1 kB.
func NewIndex(l Layout) Index {
	if few := newFew(l.bounds); few != nil {
		return Index{few: few}
	}
	h, slots := newHash(len(l.bounds) * slotsOfMany)
	x := Index{bounds: l.bounds, slots: make([]int32, slots), hash: h}
	for i, bound := range x.bounds {
		if at := x.slot(bound); x.slots[at] == 0 {
			x.slots[at] = int32(i + 1)
		}
	}
	return x
}

// newFew returns an index in which each bound has a slot of its own, or nil.
func newFew(bounds []int64) *Few {
	if len(bounds) > fewBounds {
		return nil
	}
	h, slots := newHash(len(bounds) * slotsOfFew)
	x := &Few{slots: make([]uint8, slots), keys: &[256]uint32{}, hash: h}
	for i, bound := range bounds {
		if uint64(bound) > math.MaxUint32 {
			return nil
		}
		x.keys[i+1] = uint32(bound)
	}
	for range mostFactors {
		if x.fill(bounds) {
			return x
		}
		x.factor = x.factor*golden + 2 // odd again
	}
	return nil
}

// fill fills the slots, and reports whether each bound has one of its own. Of a bound that occurs twice the first bucket counts.
func (x *Few) fill(bounds []int64) bool {
	clear(x.slots)
	for i, bound := range bounds {
		switch at := &x.slots[x.home(bound)]; {
		case *at == 0:
			*at = uint8(i + 1)
		case bounds[*at-1] != bound:
			return false
		}
	}
	return true
}

// Exact returns what Layout.Exact does.
func (x *Few) Exact(bound int64) int {
	i := x.slots[x.home(bound)]
	if uint64(x.keys[i]) != uint64(bound) {
		return -1
	}
	return int(i) - 1
}

// Few returns what finds buckets still faster, because calls of it are inlined; nil for a layout that has none.
func (x *Index) Few() *Few { return x.few }

// Exact returns what Layout.Exact does.
func (x *Index) Exact(bound int64) int {
	if x.few != nil {
		return x.few.Exact(bound)
	}
	return int(x.slots[x.slot(bound)]) - 1
}

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
