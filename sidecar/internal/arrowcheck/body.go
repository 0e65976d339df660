// SPDX-License-Identifier: Apache-2.0

package arrowcheck

import "sort"

// A Body holds the bytes that follow a message's metadata, in the fragments in which the transport received them.
type Body struct {
	fragments [][]byte
	ends      []int // for each fragment, the sum of the lengths up to its end
	from      int   // where the body starts, in bytes from the start of the first fragment
	size      int
	last      int // the fragment that find returned last: it usually returns the same one again, or the next one
}

// NewBody returns a body of fragments. It shares their memory.
func NewBody(fragments ...[]byte) Body {
	b := Body{fragments: fragments, ends: make([]int, len(fragments))}
	for i, fragment := range fragments {
		b.size += len(fragment)
		b.ends[i] = b.size
	}
	return b
}

// Len returns the body's length in bytes.
func (b *Body) Len() int { return b.size }

// Sub returns the bytes in [from, to) as a body.
func (b *Body) Sub(from, to int) Body {
	return Body{fragments: b.fragments, ends: b.ends, from: b.from + from, size: to - from}
}

// With returns the bytes followed by fragments, whose memory it shares too.
func (b *Body) With(fragments ...[]byte) Body {
	all := make([][]byte, 0, len(fragments)+1)
	for at := 0; at < b.size; {
		end := b.fragmentEnd(at)
		all = append(all, b.Bytes(at, end, nil))
		at = end
	}
	return NewBody(append(all, fragments...)...)
}

// find returns the fragment that holds byte at, counted from the start of the first fragment.
func (b *Body) find(at int) int {
	for i := b.last; i < min(b.last+2, len(b.ends)); i++ {
		if at < b.ends[i] && (i == 0 || at >= b.ends[i-1]) {
			b.last = i
			return i
		}
	}
	b.last = sort.SearchInts(b.ends, at+1)
	return b.last
}

// fragmentEnd returns the end of the fragment that holds byte at, or the end of the body if that comes first.
func (b *Body) fragmentEnd(at int) int {
	i := b.find(b.from + at)
	if i == len(b.ends) {
		return b.size
	}
	return min(b.ends[i]-b.from, b.size)
}

// Bytes returns the bytes in [from, to), which must be inside the body. If they are in one fragment, the result shares
// its memory. Otherwise they are copied to scratch, which grows as needed, or to new memory if scratch is nil.
func (b *Body) Bytes(from, to int, scratch *[]byte) []byte {
	if from == to {
		return nil
	}
	from, to = b.from+from, b.from+to
	i := b.find(from)
	fragment := b.fragments[i]
	at := from - (b.ends[i] - len(fragment))
	if to <= b.ends[i] {
		return fragment[at : at+to-from : at+to-from]
	}
	if scratch == nil {
		scratch = new([]byte)
	}
	if cap(*scratch) < to-from {
		*scratch = make([]byte, to-from)
	}
	all := (*scratch)[:to-from]
	n := copy(all, fragment[at:])
	for n < len(all) {
		i++
		n += copy(all[n:], b.fragments[i])
	}
	return all
}

// appendTo appends the bytes to out.
func (b *Body) appendTo(out []byte) []byte {
	for at := 0; at < b.size; {
		end := b.fragmentEnd(at)
		out = append(out, b.Bytes(at, end, nil)...)
		at = end
	}
	return out
}
