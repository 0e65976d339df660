// SPDX-License-Identifier: Apache-2.0

package hist

import (
	"math"
	"math/bits"
)

// An Index finds the bucket of a lower bound, or of a value, faster than a search: in most layouts by Few, otherwise by a hash table with open
// addressing; and by the first bits of a value.
type Index struct {
	layout Layout
	starts *[octaves << octaveBits]uint8 // of values that begin with the same bits the bucket of the least; nil if they are in more than two
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

// NewIndex returns the index of a layout, which must have buckets. It takes up to 32 bytes a bucket and 2 kB.
func NewIndex(l Layout) Index {
	starts := newStarts(l)
	if few := newFew(l.bounds); few != nil {
		return Index{layout: l, starts: starts, few: few}
	}
	h, slots := newHash(len(l.bounds) * slotsOfMany)
	x := Index{layout: l, starts: starts, bounds: l.bounds, slots: make([]int32, slots), hash: h}
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

// Values that begin with the same octaveBits+1 bits are looked up together: 16 groups between a power of two and the next.
const (
	octaveBits = 4
	octaves    = 64 - octaveBits
)

// group returns the group of a value that is not negative.
func group(value int64) int {
	if value < 1<<octaveBits {
		return int(value)
	}
	shift := bits.Len64(uint64(value)) - octaveBits - 1
	return (shift+1)<<octaveBits + int(value>>(shift&63))&(1<<octaveBits-1)
}

// groupBegin returns the least value of a group.
func groupBegin(group int) int64 {
	shift := max(group>>octaveBits-1, 0)
	if group < 1<<octaveBits {
		return int64(group)
	}
	return int64(1<<octaveBits+group&(1<<octaveBits-1)) << shift
}

// newStarts returns the bucket of the least value of each group, or nil if a group has values of more than two buckets.
func newStarts(l Layout) *[octaves << octaveBits]uint8 {
	if len(l.bounds) > math.MaxUint8 || l.bounds[0] != 0 {
		return nil
	}
	starts := &[octaves << octaveBits]uint8{}
	for i := range starts {
		first, last := l.Bucket(float64(groupBegin(i))), len(l.bounds)-1
		if i+1 < len(starts) {
			last = l.Bucket(float64(groupBegin(i+1) - 1))
		}
		if last > first+1 {
			return nil
		}
		starts[i] = uint8(first)
	}
	return starts
}

// Bucket returns what Layout.Bucket does, of a value that is not negative.
func (x *Index) Bucket(value int64) int {
	if x.starts == nil {
		return x.layout.Bucket(float64(value))
	}
	at := int(x.starts[group(value)])
	if next := at + 1; next < len(x.layout.bounds) && x.layout.bounds[next] <= value {
		at = next
	}
	return at
}
