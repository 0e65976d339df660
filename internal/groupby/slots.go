// SPDX-License-Identifier: Apache-2.0

package groupby

import "math/bits"

// slots is memory for the states of groups: many stretches of few sizes, which would cost a heap of
// separate allocations more to collect than to use. A slot that a state has outgrown is given out again.
type slots struct {
	classes [maxClass]class
	size    int64 // bytes taken from the heap
}

// A slot is where a state lies: a number in a class of slots of one size.
type slot struct {
	number uint32
	class  uint8
}

type class struct {
	chunks [][]byte
	used   uint32 // slots given out so far
	free   []uint32
}

const (
	leastSlot = 16 // bytes; what a state of one entry takes
	// Up to coarseSlot each class is twice the one before, as sparse states grow. Above, where states are
	// registers, there are eight classes to a doubling, so that at most an eighth is lost.
	coarseSlot    = 1 << 10
	coarseClasses = 7
	chunkSize     = 1 << 16 // bytes, or one slot if that is more
	maxClass      = coarseClasses + 8*15
)

// classOf returns the class of the smallest slots of at least n bytes.
func classOf(n int) uint8 {
	if n <= coarseSlot {
		return uint8(bits.Len(uint(max(n, leastSlot)-1)) - 4)
	}
	doublings := bits.Len(uint(n-1)) - 11
	step := coarseSlot >> 3 << doublings
	eighth := (n - coarseSlot<<doublings + step - 1) / step
	return uint8(coarseClasses - 1 + 8*doublings + eighth)
}

// slotSize returns the bytes of a slot of a class.
func slotSize(c uint8) int {
	if c < coarseClasses {
		return leastSlot << c
	}
	doublings, eighth := (int(c)-coarseClasses)/8, (int(c)-coarseClasses)%8+1
	return coarseSlot<<doublings + eighth*(coarseSlot>>3<<doublings)
}

// slotsShift is the logarithm of how many slots of a class a chunk has.
func slotsShift(c uint8) int { return bits.Len(uint(max(chunkSize/slotSize(c), 1))) - 1 }

// take gives out a slot of at least n bytes. Its bytes may be those of a state that had it before.
func (s *slots) take(n int) slot {
	c := classOf(n)
	class, shift := &s.classes[c], slotsShift(c)
	if last := len(class.free) - 1; last >= 0 {
		number := class.free[last]
		class.free = class.free[:last]
		return slot{number, c}
	}
	if int(class.used)>>shift == len(class.chunks) {
		chunk := make([]byte, slotSize(c)<<shift)
		class.chunks = append(class.chunks, chunk)
		s.size += int64(len(chunk))
	}
	class.used++
	return slot{class.used - 1, c}
}

// at returns a slot's bytes.
func (s *slots) at(at slot) []byte {
	shift, size := slotsShift(at.class), slotSize(at.class)
	chunk := s.classes[at.class].chunks[at.number>>shift]
	from := int(at.number&(1<<shift-1)) * size
	return chunk[from : from+size : from+size]
}

// begin gives out a slot of at least n zero bytes.
func (s *slots) begin(n int) slot {
	at := s.take(n)
	clear(s.at(at))
	return at
}

// grow moves a state to a slot of at least n bytes, whose rest is zero.
func (s *slots) grow(from slot, n int) slot {
	to := s.take(n)
	old, grown := s.at(from), s.at(to)
	clear(grown[copy(grown, old):])
	s.classes[from.class].free = append(s.classes[from.class].free, from.number)
	return to
}
