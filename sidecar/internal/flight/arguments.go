// SPDX-License-Identifier: Apache-2.0

package flight

import (
	"github.com/headcount-hll/headcount/sidecar/internal/arrowcheck"
	"github.com/headcount-hll/headcount/sidecar/internal/schedule"
	"github.com/headcount-hll/headcount/udf"
)

// arguments are the columns of a batch in the form that functions take, some rows at a time.
//
// The transport splits a batch into HTTP/2 frames. Rows inside one frame are used in place; a row across two frames is
// copied to scratch memory, which is reused and stays in the processor's cache.
type arguments struct {
	columns []arrowcheck.Column
	types   []udf.Type
	taken   []udf.Column
	scratch []arrowcheck.Scratch // of each column
}

// set sets the batch. The columns must match the types.
func (a *arguments) set(columns []arrowcheck.Column, types []udf.Type) {
	a.columns, a.types = columns, types
	if len(a.scratch) < len(columns) {
		a.scratch, a.taken = make([]arrowcheck.Scratch, len(columns)), make([]udf.Column, len(columns))
	}
}

// chunk returns the number of rows of the next chunk, which starts at row from and has at most most rows: rows inside
// one frame, or one row that is not, and about as many bytes as [schedule.Fill] allows.
func (a *arguments) chunk(from, most int) int {
	for i := range a.columns {
		most = a.columns[i].Contiguous(from, most)
	}
	return schedule.Fill(from, most, a.rowBytes)
}

// rowBytes returns the size of a row's byte strings.
func (a *arguments) rowBytes(row int) (size int) {
	for i := range a.columns {
		size += a.columns[i].Size(row)
	}
	return size
}

// rows returns rows from to to of every argument. The result is valid until the next call.
func (a *arguments) rows(from, to int) ([]udf.Column, error) {
	for i := range a.columns {
		var err error
		if a.taken[i], err = slice(&a.columns[i], a.types[i], from, to, &a.scratch[i]); err != nil {
			return nil, err
		}
	}
	return a.taken[:len(a.columns)], nil
}

// scratchBytes returns the memory held for copied rows.
func (a *arguments) scratchBytes() (size int) {
	for i := range a.scratch {
		size += a.scratch[i].Size()
	}
	return size
}

func slice(c *arrowcheck.Column, t udf.Type, from, to int, scratch *arrowcheck.Scratch) (out udf.Column, err error) {
	switch {
	case t.IsBytes():
		data, starts, lengths := c.Slice(from, to, scratch)
		out, err = udf.NewBytes(t, data, starts, lengths)
	case t.Kind == udf.KindArray:
		first, ends := c.SliceEnds(from, to)
		last := first
		if len(ends) > 0 {
			last += int(ends[len(ends)-1])
		}
		var elems udf.Column
		elems, err = slice(c.Elem, *t.Elem, first, last, scratch)
		out = udf.Column{Type: t, Rows: to - from, Elems: &elems, Ends: ends}
	case t.Kind == udf.KindDouble:
		out = udf.Column{Type: t, Rows: to - from, Float64: c.Float64[from:to]}
	default:
		out = udf.Int64Of(c.Int64[from:to]...)
	}
	if c.Null != nil {
		out.Null = c.Null[from:to]
	}
	return out, err
}
