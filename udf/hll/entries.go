package hll

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"sort"

	"github.com/headcount-hll/headcount/udf/errs"
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

// checkEntries refuses entries whose index or rho a sketch of precision p cannot have, and reports
// whether the indexes are strictly ascending, as this package writes them. len(body) is a multiple of
// the entry's width.
func checkEntries(p Precision, body []byte) (ordered bool, err error) {
	width := p.indexWidth()
	var pairs pairCheck
	rest := body
	if width == 2 {
		rest = pairs.take(p, body)
	}
	last, bad, disorder := int32(pairs.next)-1, int32(0), int32(0)
	highest, limit := int32(p.Registers()-1), int32(p.largestRho())
	// No branch depends on the data: what is wrong gathers in sign bits.
	for check := func(e entry) {
		index, rho := int32(e.index()), int32(e.rho())
		bad |= (highest - index) | (rho - 1) | (limit - rho)
		disorder |= index - last - 1
		last = index
	}; len(rest) > width; rest = rest[width+1:] {
		check(entryAt(rest, width))
	}
	if bad < 0 || pairs.bad {
		return false, entryError(p, body)
	}
	return disorder >= 0 && !pairs.disorder, nil
}

// A pairCheck is what [checkEntries] finds in entries of three bytes, two at a time.
type pairCheck struct {
	bad      bool   // an index or a rho that a sketch cannot have
	disorder bool   // an index not above the one before it
	next     uint64 // the smallest index that may come next
}

// take checks all but the last one or two entries, which it returns: it loads eight bytes for the six of a pair.
// Fields of both entries are subtracted in one word; below 0, one borrows from the gap above it, and from
// the other field as well, when it no longer matters.
func (c *pairCheck) take(p Precision, body []byte) (rest []byte) {
	const (
		index  = 0xffff_00_ffff   // two indexes, each below a gap
		rho    = 0xff_0000_ff0000 // two rhos, likewise
		second = 24               // where the second entry begins
		one    = 1 | 1<<second
		gaps   = 1<<23 | 1<<63 // a bit in the gaps above the indexes
		gapsUp = 1<<39 | 1<<63 // and above the rhos
	)
	limits := uint64(p.largestRho()) << 16 * one
	every, wrong, disorder, next := uint64(0), uint64(0), uint64(0), uint64(0)
	for ; len(body) >= 8; body = body[6:] {
		word := binary.LittleEndian.Uint64(body)
		indexes, rhos := word&index, word&rho
		every |= indexes
		wrong |= (rhos - one<<16) | (limits - rhos)
		disorder |= indexes - next - (indexes&0xffff+1)<<second
		next = indexes>>second + 1
	}
	highest := uint64(p.Registers()-1) * one
	*c = pairCheck{bad: every&^highest != 0 || wrong&gapsUp != 0, disorder: disorder&gaps != 0, next: next}
	return body
}

// entryError returns the refusal of the first entry that a sketch of precision p cannot have.
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

// entries returns a sparse sketch's entries, one for each index, in any order. A repeated index means
// its last entry.
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

// ascending returns them in the order of their indexes, in list's memory where there is room.
func (s Sketch) ascending(list []entry) []entry {
	list = s.appendEntries(list[:0])
	if !s.ordered {
		slices.Sort(list)
	}
	return list
}

// repeats reports whether an index may stand twice among the entries. It is exact up to precision 16,
// where a bit for each register fits the stack, and says yes above: Algebird writes entries in the order
// of a hash trie, so that most foreign sparse sketches pass here.
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

// appendAsWritten appends every entry of body in its order, repeated ones too.
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

// lastOfEach sorts entries by index in place, keeping of a repeated index the entry that came last, and
// returns the shortened list.
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

// largestOfEach sorts entries in place, keeping of a repeated index the largest rho, and returns the
// shortened list.
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

// mapOrder returns the entries as Algebird's map iterates over them when it has read them from bytes:
// up to four in the order in which their indexes first came, more in the order of its hash trie
// (Scala 2.10 to 2.12). Of repeated entries the last holds. FORMAT.md, "Bytes".
func (s Sketch) mapOrder() []entry {
	const place = 1<<32 - 1 // the low half of a key: where the entry is written
	list := appendAsWritten(nil, s.body, s.precision.indexWidth())
	keys := make([]uint64, len(list))
	for i, e := range list {
		keys[i] = uint64(trieKey(e.index()))<<32 | uint64(i)
	}
	slices.Sort(keys)
	ordered := make([]entry, 0, len(list))
	var first [5]uint64 // where the first five indexes first came
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

// byFirst sorts entries by where their indexes first came.
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

// trieKey orders indexes as Scala's hash trie does: by five bits of the improved hash at a time, the lowest
// first. No two indexes have the same.
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
