package wire

import (
	"github.com/headcount-hll/headcount/sidecar/arrowcheck"
	"github.com/headcount-hll/headcount/udf"
)

// Arguments are a batch's columns as a function takes them. A batch comes in pieces, as the transport cut it, and is
// looked at some rows at a time: those that lie in one piece are not copied, and those that do not are, to
// memory that stays in the processor's cache.
type Arguments struct {
	columns []arrowcheck.Column
	types   []udf.Type
	scratch [][]byte // of each column
}

// Set makes the arguments those of a batch's columns, whose schema is one that a function of these types takes.
func (a *Arguments) Set(columns []arrowcheck.Column, types []udf.Type) {
	a.columns, a.types = columns, types
	if len(a.scratch) < len(columns) {
		a.scratch = make([][]byte, len(columns))
	}
}

// Size returns how many bytes row has in columns of byte strings.
func (a *Arguments) Size(row int) (size int) {
	for i := range a.columns {
		c := &a.columns[i]
		switch {
		case c.Field.Kind.IsList():
			first, ends := c.SliceEnds(row, row+1)
			for _, length := range c.Elem.Lengths[first:][:ends[0]] {
				size += int(length)
			}
		case c.Lengths != nil:
			size += int(c.Lengths[row])
		}
	}
	return size
}

// Rows returns rows from to to of every argument. They hold until the next call.
func (a *Arguments) Rows(from, to int) ([]udf.Column, error) {
	args := make([]udf.Column, len(a.columns))
	for i := range a.columns {
		var refused *udf.Error
		if args[i], refused = slice(&a.columns[i], a.types[i], from, to, &a.scratch[i]); refused != nil {
			return nil, refused
		}
	}
	return args, nil
}

// Scratch returns how many bytes are held for rows that came in several pieces.
func (a *Arguments) Scratch() (size int) {
	for _, s := range a.scratch {
		size += cap(s)
	}
	return size
}

func slice(c *arrowcheck.Column, t udf.Type, from, to int, scratch *[]byte) (out udf.Column, refused *udf.Error) {
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
