// SPDX-License-Identifier: Apache-2.0

package hll

import (
	"encoding/binary"
	"math/bits"

	"github.com/headcount-hll/headcount/udf/state"
)

// manyEntries is the most entries that a call without AllowLong sorts.
const manyEntries = 2048

// isLong reports whether sorting the entries takes longer than a call without AllowLong may.
func (s State) isLong() bool {
	if s.precision().bits <= scatterBits {
		return s.count() > 4*manyEntries
	}
	return s.count() > manyEntries
}

// logged returns the bytes of a sparse state's entries.
func (s State) logged() []byte { return s[entriesAt:][:s.count()*s.precision().entryWidth()] }

// entryCapacity returns how many entries fit the memory of a sparse state.
func (s State) entryCapacity() int { return (len(s) - entriesAt) / s.precision().entryWidth() }

func (s State) setCount(n int) { binary.NativeEndian.PutUint32(s[4:], uint32(n)) }

// append appends as many entries to a sparse state as fit, and returns how many.
func (s State) append(entries []entry) int {
	count, width := s.count(), s.precision().entryWidth()
	n := min(len(entries), s.entryCapacity()-count)
	putEntries(s[entriesAt+count*width:], entries[:n], width-1)
	s.setCount(count + n)
	return n
}

// appendSketch appends a sparse sketch's n entries, which must fit.
func (s State) appendSketch(in Sketch, n int) {
	var near [smallEntries]entry
	if !in.ordered {
		s.append(in.appendEntries(near[:0]))
		return
	}
	copy(s[entriesAt+len(s.logged()):], in.body)
	if s.count() == 0 {
		s.setCounts(n, n)
		return
	}
	s.setCount(s.count() + n)
}

// makeRoom prepares a sparse state for n more entries: if they do not fit, it asks for memory while at most half of the
// entries will be out of order, and else normalizes the state, and makes it dense if the entries are too many. It may return
// NeedSpace or WouldBlock.
func (s State) makeRoom(n int, flags state.Flags) state.Step {
	if s.count()+n <= s.entryCapacity() {
		return complete()
	}
	if early := s.earlySize(n); s.hasSpare(flags) && len(s) < early {
		return state.Step{Status: state.NeedSpace, Need: early}
	}
	if want := s.count() + n; want <= min(2*s.inOrder(), s.precision().sparseLimit()) {
		return s.askFor(want, n)
	}
	if s.isLong() && flags&state.AllowLong == 0 {
		return state.Step{Status: state.WouldBlock}
	}
	p, count := s.precision(), s.normalize()
	if count > p.sparseLimit() {
		return s.densify(flags)
	}
	// An eighth stays free, so that the state is not normalized again for the next few entries.
	want := count + n
	if want+want/8 <= s.entryCapacity() {
		return complete()
	}
	return s.askFor(want, n)
}

// earlyEntries is the most entries of a state before it gets the memory of packed registers, if the caller has it.
const earlyEntries = 48

// hasSpare reports whether the caller has the memory of packed registers for each state, and its entries can be sorted by way of
// registers.
func (s State) hasSpare(flags state.Flags) bool {
	p := s.precision()
	return flags&state.PackRegisters != 0 && p.packs() && p.bits <= scatterBits && packedSize(p, 0) <= flags.Spare()
}

// earlySize is the memory of a state with n more entries if more memory saves time: that of a few entries, then that of packed
// registers. When that is full too, the entries are sorted, since ids that come again may have filled it.
func (s State) earlySize(n int) int {
	p := s.precision()
	if s.count()+n <= earlyEntries {
		return roundUp(entriesAt + earlyEntries*p.entryWidth())
	}
	return packedSize(p, 0)
}

// askFor asks for memory for want entries, n of them new, and some more.
func (s State) askFor(want, n int) state.Step {
	slack := want / 8
	if n == 1 { // entries come one by one
		slack = want/4 + 2
	}
	return state.Step{Status: state.NeedSpace, Need: roundUp(entriesAt + (want+slack)*s.precision().entryWidth())}
}

// roundUp rounds a size up, so that states have few different sizes: by at most an eighth from 2 KiB on, to a multiple
// of 8 below.
func roundUp(size int) int {
	step := 8
	if size >= 2048 {
		step = 1 << (bits.Len(uint(size)) - 4)
	}
	return (size + step - 1) &^ (step - 1)
}

// normalize sorts the entries of a sparse state and removes duplicate indexes. It returns how many are left.
func (s State) normalize() int {
	count := s.count()
	if s.inOrder() == count {
		return count
	}
	p := s.precision()
	var n int
	switch {
	case count <= 8:
		var near [8]entry
		n = s.sort(near[:0])
	case p.bits <= scatterBits && p.indexWidth() == 2 && count <= rankedEntries:
		n = s.rank()
	case p.bits <= scatterBits:
		n = s.scatter()
	default:
		var near [manyEntries]entry
		n = s.sort(near[:0])
	}
	s.setCounts(n, n)
	return n
}

// sort normalizes in place by sorting, in the memory of list if the entries fit. Of a duplicate index it keeps the
// largest rho. It returns how many entries are left.
func (s State) sort(list []entry) int {
	width := s.precision().indexWidth()
	list = largestOfEach(appendAsWritten(list, s.logged(), width))
	putEntries(s[entriesAt:], list, width)
	return len(list)
}

// scatterBits is the largest precision whose registers fit scratch memory on the stack.
const scatterBits = 12

// rankedEntries is the most entries that are sorted by rank.
const rankedEntries = 256

// rank does the same for few entries of three bytes: the bitmap of the indexes in use has the place of each, which is the
// number of bits below its own. It is linear, and has no branches for the processor to mispredict. An entry is a word as it is
// written, index and then rho, so that of equal indexes the larger word has the larger rho.
func (s State) rank() int {
	var sorted [rankedEntries]uint32
	var set [1 << scatterBits / 64]uint64
	var below [1 << scatterBits / 64]uint8 // the number of bits in the words before
	body := s.logged()
	last := uint32(binary.LittleEndian.Uint16(body[len(body)-3:])) | uint32(body[len(body)-1])<<16
	set[last>>6%uint32(len(set))] |= 1 << (last & 63)
	for rest := body; len(rest) >= 4; rest = rest[3:] {
		word := binary.LittleEndian.Uint32(rest)
		set[word>>6%uint32(len(set))] |= 1 << (word & 63)
	}
	n := 0
	for word, bitset := range set {
		below[word] = uint8(n)
		n += bits.OnesCount64(bitset)
	}
	place := func(entry uint32) {
		word := entry >> 6 % uint32(len(set))
		at := below[word] + uint8(bits.OnesCount64(set[word]&(1<<(entry&63)-1)))
		sorted[at] = max(sorted[at], entry)
	}
	place(last)
	for rest := body; len(rest) >= 4; rest = rest[3:] {
		place(binary.LittleEndian.Uint32(rest) & 0xffffff)
	}
	for _, word := range sorted[:n-1] {
		binary.LittleEndian.PutUint32(body, word) // the next entry overwrites the fourth byte
		body = body[3:]
	}
	binary.LittleEndian.PutUint16(body, uint16(sorted[n-1]))
	body[2] = byte(sorted[n-1] >> 16)
	return n
}

// scatter does the same for many entries by way of registers and a bitmap of those in use.
func (s State) scatter() int {
	var registers [1 << scatterBits]byte
	var set [1 << scatterBits / 64]uint64
	body, width := s.logged(), s.precision().indexWidth()
	add := func(i uint32, rho byte) {
		i &= 1<<scatterBits - 1
		registers[i] = max(registers[i], rho)
		set[i>>6] |= 1 << (i & 63)
	}
	rest := body
	for ; width == 2 && len(rest) >= 4; rest = rest[3:] { // one load for index and rho
		word := binary.LittleEndian.Uint32(rest)
		add(word, byte(word>>16))
	}
	for ; len(rest) > 0; rest = rest[width+1:] {
		e := entryAt(rest, width)
		add(e.index(), e.rho())
	}
	n := 0
	for word, bitset := range set {
		for ; bitset != 0; bitset &= bitset - 1 {
			i := word<<6 | bits.TrailingZeros64(bitset)
			e := entry(i<<8) | entry(registers[i])
			if out := body[n*(width+1):]; width == 2 && len(out) >= 4 { // one store; the next entry overwrites the fourth byte
				binary.LittleEndian.PutUint32(out, uint32(e>>8)|uint32(e)<<16)
			} else {
				putEntry(out, e, width)
			}
			n++
		}
	}
	return n
}

// encodeOrdered writes the sparse encoding of a normalized sparse state.
func (s State) encodeOrdered(dst []byte) (int, state.Step) {
	body := s.logged()
	if size := headerSize + len(body); len(dst) < size {
		return 0, state.Step{Status: state.NeedSpace, Need: size}
	}
	dst[0], dst[1] = sparseForm, s[1]
	return headerSize + copy(dst[headerSize:], body), complete()
}
