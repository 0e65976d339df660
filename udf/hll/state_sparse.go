package hll

import (
	"encoding/binary"
	"math/bits"
)

// manyEntries is the longest list that is sorted in a short call.
const manyEntries = 2048

// isLong reports whether putting the entries in order takes longer than a short call may.
func (s State) isLong() bool {
	if s.precision().bits <= scatterBits {
		return s.count() > 4*manyEntries
	}
	return s.count() > manyEntries
}

// logged returns the bytes of a sparse state's entries.
func (s State) logged() []byte { return s[entriesAt:][:s.count()*s.precision().entryWidth()] }

// entryCapacity returns how many entries a sparse state has room for.
func (s State) entryCapacity() int { return (len(s) - entriesAt) / s.precision().entryWidth() }

func (s State) setCount(n int) { binary.NativeEndian.PutUint32(s[4:], uint32(n)) }

// append takes entries into a sparse state, as many as there is room for, and returns how many.
func (s State) append(entries []entry) int {
	count, width := s.count(), s.precision().entryWidth()
	n := min(len(entries), s.entryCapacity()-count)
	putEntries(s[entriesAt+count*width:], entries[:n], width-1)
	s.setCount(count + n)
	return n
}

// appendSketch takes a sparse sketch's entries into a sparse state that has room for them.
func (s State) appendSketch(in Sketch, n int) {
	var near [smallEntries]entry
	if !in.ordered {
		s.append(in.appendEntries(near[:0]))
		return
	}
	copy(s[entriesAt+len(s.logged()):], in.body)
	s.setCount(s.count() + n)
}

// makeRoom makes a sparse state take n more entries: it has room, or is put in order and then has, or
// becomes dense. Where that needs more bytes or more time, the step says so.
func (s State) makeRoom(n int, flags Flags) Step {
	if s.count()+n <= s.entryCapacity() {
		return Step{}
	}
	if s.isLong() && flags&Long == 0 {
		return Step{Status: Heavy}
	}
	p, count := s.precision(), s.compact()
	if count > p.sparseLimit() {
		return s.densify(flags)
	}
	// Something stays free after putting in order, so that it is not done again for the next few.
	want := count + n
	if want+want/8 <= s.entryCapacity() {
		return Step{}
	}
	slack := want / 8
	if n == 1 { // and more will come one by one
		slack = want/4 + 2
	}
	return Step{Status: Room, Need: roundUp(entriesAt + (want+slack)*p.entryWidth())}
}

// roundUp returns a size that is not much more, so that there are not too many of them: an eighth at most
// from 2 KB on, and a multiple of 8 below.
func roundUp(size int) int {
	step := 8
	if size >= 2048 {
		step = 1 << (bits.Len(uint(size)) - 4)
	}
	return (size + step - 1) &^ (step - 1)
}

// compact puts a sparse state's entries in order, one for each index, and returns how many there are.
func (s State) compact() int {
	count := s.count()
	if s.inOrder() == count {
		return count
	}
	p, n := s.precision(), 0
	switch {
	case count <= 16:
		var near [16]entry
		n = s.sort(near[:0])
	case p.bits <= scatterBits:
		n = s.scatter()
	default:
		var near [manyEntries]entry
		n = s.sort(near[:0])
	}
	s.setCounts(n, n)
	return n
}

// sort puts a sparse state's entries in order in place, keeping of a repeated index the largest rho, in
// the memory of list where there is room, and returns how many there are.
func (s State) sort(list []entry) int {
	width := s.precision().indexWidth()
	list = largestOfEach(appendAsWritten(list, s.logged(), width))
	putEntries(s[entriesAt:], list, width)
	return len(list)
}

// scatterBits is the largest precision whose registers fit a scratch on the stack.
const scatterBits = 12

// scatter does as sort, through registers and a bit for each: linear, and without the branches that a sort
// mispredicts.
func (s State) scatter() int {
	var registers [1 << scatterBits]byte
	var set [1 << scatterBits / 64]uint64
	body, width := s.logged(), s.precision().indexWidth()
	take := func(i uint32, rho byte) {
		i &= 1<<scatterBits - 1
		registers[i] = max(registers[i], rho)
		set[i>>6] |= 1 << (i & 63)
	}
	rest := body
	for ; width == 2 && len(rest) >= 4; rest = rest[3:] { // one load for both
		word := binary.LittleEndian.Uint32(rest)
		take(word, byte(word>>16))
	}
	for ; len(rest) > 0; rest = rest[width+1:] {
		e := entryAt(rest, width)
		take(e.index(), e.rho())
	}
	n := 0
	for word, bitset := range set {
		for ; bitset != 0; bitset &= bitset - 1 {
			i := word<<6 | bits.TrailingZeros64(bitset)
			e := entry(i<<8) | entry(registers[i])
			if out := body[n*(width+1):]; width == 2 && len(out) >= 4 { // one store; what follows comes later
				binary.LittleEndian.PutUint32(out, uint32(e>>8)|uint32(e)<<16)
			} else {
				putEntry(out, e, width)
			}
			n++
		}
	}
	return n
}

// encodeOrdered writes the sparse encoding of a sparse state whose entries are in order.
func (s State) encodeOrdered(dst []byte) (int, Step) {
	body := s.logged()
	if size := headerSize + len(body); len(dst) < size {
		return 0, Step{Status: Room, Need: size}
	}
	dst[0], dst[1] = sparseForm, s[1]
	return headerSize + copy(dst[headerSize:], body), Step{}
}
