// SPDX-License-Identifier: Apache-2.0

package groupby

import "math/bits"

// slots allocates memory for the states of groups, in a small number of size classes. Separate allocations would be
// expensive for the garbage collector. The slot of a state that moved to a larger one is reused.
type slots struct {
	classes [maxClass]class
	size    int64 // bytes taken from the heap
}

// A slot is the memory of a state: a number within a class of slots of one size.
type slot struct {
	number uint32
	class  uint8
}

type class struct {
	chunks [][]byte
	used   uint32 // slots allocated
	free   []uint32
}

const (
	leastSlot = 16 // bytes; the size of a state with one entry
	// Up to coarseSlot each class has twice the size of the one before, as sparse states double. Above, states are
	// registers and there are eight classes per doubling, so that at most an eighth is unused.
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

// slotsShift returns the binary logarithm of the number of slots of a class in a chunk.
func slotsShift(c uint8) int { return bits.Len(uint(max(chunkSize/slotSize(c), 1))) - 1 }

// take allocates a slot of at least n bytes. Its content is undefined.
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

// begin allocates a slot of at least n zero bytes.
func (s *slots) begin(n int) slot {
	at := s.take(n)
	clear(s.at(at))
	return at
}

// grow moves a state to a slot of at least n bytes, and clears the rest of it.
func (s *slots) grow(from slot, n int) slot {
	to := s.take(n)
	old, grown := s.at(from), s.at(to)
	clear(grown[copy(grown, old):])
	s.classes[from.class].free = append(s.classes[from.class].free, from.number)
	return to
}
