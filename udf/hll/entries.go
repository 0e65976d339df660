// SPDX-License-Identifier: Apache-2.0

package hll

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"sort"

	"github.com/headcount-hll/headcount/udf/errs"
	"github.com/headcount-hll/headcount/udf/hll/internal/entryscan"
)

// entryAt reads the entry at the start of b, whose index has the given width.
func entryAt(b []byte, width int) entry {
	switch width {
	case 1:
		return entry(b[0])<<8 | entry(b[1])
	case 2:
		return entry(binary.LittleEndian.Uint16(b))<<8 | entry(b[2])
	default:
		return entry(bits.RotateLeft32(binary.LittleEndian.Uint32(b), 8))
	}
}

// putEntry writes an entry, whose index has the given width, to the start of b.
func putEntry(b []byte, e entry, width int) {
	switch width {
	case 1:
		b[0], b[1] = byte(e>>8), byte(e)
	case 2:
		binary.LittleEndian.PutUint16(b, uint16(e>>8))
		b[2] = byte(e)
	default:
		binary.LittleEndian.PutUint32(b, bits.RotateLeft32(uint32(e), -8))
	}
}

// putEntries writes entries to the start of b.
func putEntries(b []byte, list []entry, width int) {
	for i, e := range list {
		putEntry(b[i*(width+1):], e, width)
	}
}

// entryOfThree returns the entry in the low three bytes of a word: an index of two bytes and a rho.
func entryOfThree(word uint32) entry { return entry(word&0xffff)<<8 | entry(word>>16&0xff) }

// checkEntries returns an error if a sketch of precision p cannot have one of the entries. It returns whether the indexes
// are strictly ascending, as this package writes them. len(body) is a multiple of the width of an entry.
func checkEntries(p Precision, body []byte) (ordered bool, err error) {
	width := p.indexWidth()
	var pairs pairCheck
	seen := entryscan.Scan{Smallest: 1, Ascending: true}
	rest := body
	if width == entryscan.EntrySize-1 {
		seen, rest = entryscan.Entries(body)
		rest = pairs.check(p, rest)
	}
	// No branch depends on the data. A difference below 0 sets the sign bit of bad or disorder.
	last, bad, disorder := int32(pairs.next)-1, int32(0), int32(0)
	highest, limit := int32(p.Registers()-1), int32(p.largestRho())
	for ; len(rest) > width; rest = rest[width+1:] {
		e := entryAt(rest, width)
		index, rho := int32(e.index()), int32(e.rho())
		bad |= (highest - index) | (rho - 1) | (limit - rho)
		disorder |= index - last - 1
		last = index
	}
	if bad < 0 || pairs.bad || int(seen.Indexes) >= p.Registers() || seen.Smallest == 0 || seen.Largest > p.largestRho() {
		return false, entryError(p, body)
	}
	return disorder >= 0 && !pairs.disorder && seen.Ascending, nil
}

// A pairCheck is the result of checking entries of three bytes, two at a time: those that entryscan leaves, which are all without
// its kernel.
type pairCheck struct {
	bad      bool   // an index or a rho is out of range
	disorder bool   // an index is not above the one before it
	next     uint64 // the smallest index that may come next
}

// check checks the entries except the last one or two, which it returns. A word of eight bytes holds a pair; its highest
// two bytes belong to the next pair and are masked out:
//
//	bits       63..48  47..40  39..24   23..16  15..0
//	word       -       rho 2   index 2  rho 1   index 1
//	index mask 0       0       index 2  0       index 1
//	rho mask   0       rho 2   0        rho 1   0
//
// Each mask leaves zero bits above both of its fields, the gaps. So one subtraction compares two fields: a field that falls
// below 0 borrows from its gap, and sets the gap's highest bit. (The first field's borrow may reach the second field; the
// result is then known already.)
func (c *pairCheck) check(p Precision, body []byte) (rest []byte) {
	const (
		second    = 24 // the shift of the second entry
		indexMask = 0xffff<<second | 0xffff
		rhoMask   = 0xff<<40 | 0xff<<16
		both      = 1<<second | 1 // times a value: the value in both fields
		indexGaps = 1<<63 | 1<<23 // the highest bits of the gaps above the indexes
		rhoGaps   = 1<<63 | 1<<39 // and above the rhos
	)
	limits := uint64(p.largestRho()) << 16 * both
	every, wrong, disorder, next := uint64(0), uint64(0), uint64(0), uint64(0)
	for ; len(body) >= 8; body = body[6:] {
		word := binary.LittleEndian.Uint64(body)
		indexes, rhos := word&indexMask, word&rhoMask
		every |= indexes
		wrong |= (rhos - both<<16) | (limits - rhos) // rho < 1, rho > limit
		disorder |= indexes - next - (indexes&0xffff+1)<<second
		next = indexes>>second + 1
	}
	highest := uint64(p.Registers()-1) * both
	*c = pairCheck{bad: every&^highest != 0 || wrong&rhoGaps != 0, disorder: disorder&indexGaps != 0, next: next}
	return body
}

// entryError returns the error of the first entry that a sketch of precision p cannot have.
func entryError(p Precision, body []byte) error {
	width, limit := p.indexWidth(), p.largestRho()
	for i := 0; ; i += width + 1 {
		e := entryAt(body[i:], width)
		if int(e.index()) >= p.Registers() {
			return invalid(errs.Malformed, "byte %d: entry for register %d, at most %d at precision %d",
				headerSize+i, e.index(), p.Registers()-1, p.bits)
		}
		if e.rho()-1 >= limit { // 0 wraps around
			return invalid(errs.Malformed, "byte %d: entry for register %d holds %d, must be 1 to %d at precision %d",
				headerSize+i+width, e.index(), e.rho(), limit, p.bits)
		}
	}
}

// entries returns a sparse sketch's entries in any order. Of a duplicate index it returns the last entry.
func (s Sketch) entries() []entry {
	return s.appendEntries(make([]entry, 0, len(s.body)/s.precision.entryWidth()))
}

// appendEntries appends them to list.
func (s Sketch) appendEntries(list []entry) []entry {
	from := len(list)
	list = appendAsWritten(list, s.body, s.precision.indexWidth())
	if !s.ordered && repeats(s.precision, list[from:]) {
		list = list[:from+len(lastOfEach(list[from:]))]
	}
	return list
}

// ascending returns them by ascending index, in the memory of list if they fit.
func (s Sketch) ascending(list []entry) []entry {
	list = s.appendEntries(list[:0])
	if !s.ordered {
		slices.Sort(list)
	}
	return list
}

// repeats reports whether the entries may have a duplicate index. It is exact up to precision 16, where a bitmap of the
// registers fits the stack, and returns true above. Sparse sketches of Algebird usually come here: their entries are in the
// order of a hash trie.
func repeats(p Precision, list []entry) bool {
	switch {
	case p.bits <= 12:
		var seen [1 << 12 / 64]uint64
		return repeatsIn(seen[:], list)
	case p.bits <= 16:
		var seen [1 << 16 / 64]uint64
		return repeatsIn(seen[:], list)
	default:
		return true
	}
}

func repeatsIn(seen []uint64, list []entry) bool {
	for _, e := range list {
		word, bit := &seen[e.index()>>6], uint64(1)<<(e.index()&63)
		if *word&bit != 0 {
			return true
		}
		*word |= bit
	}
	return false
}

// appendAsWritten appends all entries of body in their order, with duplicates.
func appendAsWritten(list []entry, body []byte, width int) []entry {
	switch width {
	case 1:
		for ; len(body) >= 2; body = body[2:] {
			list = append(list, entryAt(body, 1))
		}
	case 2:
		for ; len(body) >= 4; body = body[3:] {
			list = append(list, entryOfThree(binary.LittleEndian.Uint32(body)))
		}
		if len(body) > 0 {
			list = append(list, entryAt(body, 2))
		}
	default:
		for ; len(body) >= 4; body = body[4:] {
			list = append(list, entryAt(body, 3))
		}
	}
	return list
}

// lastOfEach sorts entries by index in place, keeps the last entry of a duplicate index, and returns the shorter list.
func lastOfEach(list []entry) []entry {
	slices.SortStableFunc(list, func(a, b entry) int { return int(a.index()) - int(b.index()) })
	kept := list[:0]
	for i, e := range list {
		if i+1 == len(list) || list[i+1].index() != e.index() {
			kept = append(kept, e)
		}
	}
	return kept
}

// largestOfEach sorts entries in place, keeps the largest rho of a duplicate index, and returns the shorter list.
func largestOfEach(list []entry) []entry {
	slices.Sort(list)
	kept := list[:0]
	for i, e := range list {
		if i+1 == len(list) || list[i+1].index() != e.index() {
			kept = append(kept, e)
		}
	}
	return kept
}

// appendSparse appends the sparse encoding of ascending entries.
func appendSparse(dst []byte, p Precision, list []entry) []byte {
	from := len(dst) + headerSize
	size := len(list) * p.entryWidth()
	dst = slices.Grow(append(dst, sparseForm, p.bits), size)[:from+size]
	putEntries(dst[from:], list, p.indexWidth())
	return dst
}

// mapOrder returns the entries in the order in which Algebird's map iterates over them after reading them from bytes: up to
// four in the order in which their indexes first appear, more in the order of its hash trie (Scala 2.10 to 2.12). Of a
// duplicate index it returns the last entry. FORMAT.md, "Bytes".
func (s Sketch) mapOrder() []entry {
	const place = 1<<32 - 1 // the low half of a key: the position of the entry
	list := appendAsWritten(nil, s.body, s.precision.indexWidth())
	keys := make([]uint64, len(list))
	for i, e := range list {
		keys[i] = uint64(trieKey(e.index()))<<32 | uint64(i)
	}
	slices.Sort(keys)
	ordered := make([]entry, 0, len(list))
	var first [5]uint64 // the first positions of the first five indexes
	for i, k := range keys {
		if e := list[k&place]; i > 0 && keys[i-1]>>32 == k>>32 {
			ordered[len(ordered)-1] = e
		} else {
			first[min(len(ordered), 4)] = k & place
			ordered = append(ordered, e)
		}
	}
	if n := len(ordered); n <= 4 {
		sort.Sort(byFirst{ordered, first[:n]})
	}
	return ordered
}

// byFirst sorts entries by the first position of their index.
type byFirst struct {
	entries []entry
	first   []uint64
}

func (b byFirst) Len() int           { return len(b.entries) }
func (b byFirst) Less(i, j int) bool { return b.first[i] < b.first[j] }
func (b byFirst) Swap(i, j int) {
	b.entries[i], b.entries[j] = b.entries[j], b.entries[i]
	b.first[i], b.first[j] = b.first[j], b.first[i]
}

// trieKey orders indexes like Scala's hash trie: by five bits of the improved hash at a time, the lowest first. Different
// indexes have different keys.
func trieKey(index uint32) (key uint32) {
	h := trieHash(index)
	for range 6 {
		key = key<<5 | h&31
		h >>= 5
	}
	return key<<2 | h
}

func trieHash(h uint32) uint32 {
	h += ^(h << 9)
	h ^= h >> 14
	h += h << 4
	return h ^ h>>10
}
