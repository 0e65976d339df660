package hll

import (
	"math/bits"
	"slices"
	"unsafe"
)

// manyEntries is the longest list that is put in order in a short call.
const manyEntries = 2048

// room returns the sparse state's whole list of entries: those that count, and room for more.
func (s State) room() []entry {
	b := s[entriesAt:]
	return unsafe.Slice((*entry)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/4)
}

// makeRoom makes a sparse state take n more entries: it has room, or is put in order and then has, or
// becomes dense. Where that needs more bytes or more time, the step says so.
func (s State) makeRoom(n int, flags Flags) Step {
	count, capacity := s.count(), len(s.room())
	if count+n <= capacity {
		return Step{}
	}
	if count > manyEntries && flags&Long == 0 {
		return Step{Status: Heavy}
	}
	count = s.compact()
	p := s.precision()
	if count > p.sparseLimit() {
		return s.densify(flags)
	}
	// A quarter stays free after putting in order, so that it is not done again for the next few.
	if count+n+capacity/4 <= capacity {
		return Step{}
	}
	need := entriesAt + 4
	for (need-entriesAt)/4 < count+n+capacity/4 {
		need *= 2
	}
	return Step{Status: Room, Need: need}
}

// compact puts a sparse state's entries in order, one for each index, and returns how many there are.
func (s State) compact() int {
	count := s.count()
	if s.inOrder() == count {
		return count
	}
	list := s.room()[:count]
	if p := s.precision(); p.bits <= scatterBits && count > 16 {
		list = scatter(list)
	} else {
		list = largestOfEach(list)
	}
	s.setCounts(len(list), len(list))
	return len(list)
}

// scatterBits is the largest precision whose registers fit a scratch on the stack.
const scatterBits = 12

// scatter puts entries in order in place, keeping of a repeated index the largest rho, through registers
// and a bit for each: linear, and without the branches that a sort mispredicts.
func scatter(list []entry) []entry {
	var registers [1 << scatterBits]byte
	var set [1 << scatterBits / 64]uint64
	for _, e := range list {
		i := e.index() & (1<<scatterBits - 1)
		registers[i] = max(registers[i], e.rho())
		set[i>>6] |= 1 << (i & 63)
	}
	n := 0
	for word, bitset := range set {
		for ; bitset != 0; bitset &= bitset - 1 {
			i := word<<6 | bits.TrailingZeros64(bitset)
			list[n] = entry(i<<8) | entry(registers[i])
			n++
		}
	}
	return list[:n]
}

func encodeSparse(dst []byte, p Precision, list []entry) (int, Step) {
	size := headerSize + len(list)*p.entryWidth()
	if len(dst) < size {
		return 0, Step{Status: Room, Need: size}
	}
	return len(appendSparse(dst[:0], p, list)), Step{}
}

// appendSparse appends the sparse encoding of ascending entries.
func appendSparse(dst []byte, p Precision, list []entry) []byte {
	dst = append(dst, sparseForm, p.bits)
	switch width := p.indexWidth(); width {
	case 1:
		for _, e := range list {
			dst = append(dst, byte(e>>8), byte(e))
		}
	case 2:
		from := len(dst)
		dst = slices.Grow(dst, 3*len(list))[:from+3*len(list)]
		for out := dst[from:]; len(list) > 0; list, out = list[1:], out[3:] {
			e := list[0]
			_ = out[2]
			out[0], out[1], out[2] = byte(e>>8), byte(e>>16), byte(e)
		}
	default:
		for _, e := range list {
			dst = append(dst, byte(e>>8), byte(e>>16), byte(e>>24), byte(e))
		}
	}
	return dst
}
