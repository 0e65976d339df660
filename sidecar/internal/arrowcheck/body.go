package arrowcheck

import "sort"

// A Body is the bytes that follow a message's metadata, in the pieces in which they came.
type Body struct {
	pieces [][]byte
	ends   []int // of each piece, counted from the first one's beginning
	from   int   // where the body begins there
	size   int
	last   int // the piece that was looked for last: the next is mostly the same one, or the one after it
}

// NewBody returns a body of pieces, which it shares.
func NewBody(pieces ...[]byte) Body {
	b := Body{pieces: pieces, ends: make([]int, len(pieces))}
	for i, piece := range pieces {
		b.size += len(piece)
		b.ends[i] = b.size
	}
	return b
}

// Len returns the body's length.
func (b *Body) Len() int { return b.size }

// Sub returns bytes from to to as a body.
func (b *Body) Sub(from, to int) Body {
	return Body{pieces: b.pieces, ends: b.ends, from: b.from + from, size: to - from}
}

// find returns the piece in which a byte lies, counted from the first piece's beginning.
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

// fragmentEnd returns where the piece ends in which a byte lies, or the body if that is before it.
func (b *Body) fragmentEnd(at int) int {
	i := b.find(b.from + at)
	if i == len(b.ends) {
		return b.size
	}
	return min(b.ends[i]-b.from, b.size)
}

// Bytes returns bytes from to to, which are inside the body: shared if they came in one piece, and else copied to
// scratch, which grows as needed, or to memory of their own if it is nil.
func (b *Body) Bytes(from, to int, scratch *[]byte) []byte {
	if from == to {
		return nil
	}
	from, to = b.from+from, b.from+to
	i := b.find(from)
	piece := b.pieces[i]
	at := from - (b.ends[i] - len(piece))
	if to <= b.ends[i] {
		return piece[at : at+to-from : at+to-from]
	}
	if scratch == nil {
		scratch = new([]byte)
	}
	if cap(*scratch) < to-from {
		*scratch = make([]byte, to-from)
	}
	all := (*scratch)[:to-from]
	n := copy(all, piece[at:])
	for n < len(all) {
		i++
		n += copy(all[n:], b.pieces[i])
	}
	return all
}
