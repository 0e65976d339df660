package wire

import (
	"github.com/headcount-hll/headcount/sidecar/arrowcheck"
	"github.com/headcount-hll/headcount/sidecar/pieces"
	"github.com/headcount-hll/headcount/udf"
)

// Arguments are a batch's columns as a function takes them, some rows at a time. The transport cuts a batch where it
// likes, into frames; rows that lie in one frame are taken where they are, and a row across two is copied, to memory
// that stays in the processor's cache.
type Arguments struct {
	columns []arrowcheck.Column
	types   []udf.Type
	taken   []udf.Column
	scratch []arrowcheck.Scratch // of each column
}

// Set makes the arguments those of a batch's columns, whose schema is one that a function of these types takes.
func (a *Arguments) Set(columns []arrowcheck.Column, types []udf.Type) {
	a.columns, a.types = columns, types
	if len(a.scratch) < len(columns) {
		a.scratch, a.taken = make([]arrowcheck.Scratch, len(columns)), make([]udf.Column, len(columns))
	}
}

// Piece returns how many of most rows from row from on should be taken together: as many as lie in one frame, or one
// that does not; about as many as a piece has bytes.
func (a *Arguments) Piece(from, most int) int {
	for i := range a.columns {
		most = a.columns[i].Together(from, most)
	}
	return pieces.Fill(from, most, a.size)
}

// size returns how many bytes a row has in columns of byte strings.
func (a *Arguments) size(row int) (size int) {
	for i := range a.columns {
		start, end := a.columns[i].Span(row, row+1)
		size += end - start
	}
	return size
}

// Rows returns rows from to to of every argument. They hold until the next call.
func (a *Arguments) Rows(from, to int) ([]udf.Column, error) {
	for i := range a.columns {
		var refused *udf.Error
		if a.taken[i], refused = slice(&a.columns[i], a.types[i], from, to, &a.scratch[i]); refused != nil {
			return nil, refused
		}
	}
	return a.taken[:len(a.columns)], nil
}

// Scratch returns how many bytes are held for rows that came in several pieces.
func (a *Arguments) Scratch() (size int) {
	for i := range a.scratch {
		size += a.scratch[i].Size()
	}
	return size
}

func slice(c *arrowcheck.Column, t udf.Type, from, to int, scratch *arrowcheck.Scratch) (out udf.Column, refused *udf.Error) {
	switch {
	case t.IsBytes():
		data, starts, lengths := c.Slice(from, to, scratch)
		out, refused = udf.NewBytes(t, data, starts, lengths)
	case t.Kind == udf.KindArray:
		first, ends := c.SliceEnds(from, to)
		last := first
		if len(ends) > 0 {
			last += int(ends[len(ends)-1])
		}
		var elems udf.Column
		elems, refused = slice(c.Elem, *t.Elem, first, last, scratch)
		out = udf.Column{Type: t, Rows: to - from, Elems: &elems, Ends: ends}
	default:
		out = udf.Int64Of(c.Int64[from:to]...)
	}
	if c.Null != nil {
		out.Null = c.Null[from:to]
	}
	return out, refused
}
