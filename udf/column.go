// SPDX-License-Identifier: Apache-2.0

package udf

import (
	"github.com/headcount-hll/headcount/udf/errs"
)

// A Column holds the values of one argument or result for a number of rows. Its type says which of the slices are in use.
// It shares memory with what it was made from.
type Column struct {
	Type Type
	Rows int
	Null []bool // of each row; nil if no row is NULL

	// Byte strings (varchar, varbinary, HLL): row i is Data[Starts[i]:][:Lengths[i]].
	Data            []byte
	Starts, Lengths []int32

	Int64   []int64   // bigint
	Float64 []float64 // double

	Elems *Column  // array: the elements of all rows, one after the other
	Ends  []int32  // array: the end of each row's elements in Elems
	Parts []Column // row: a column for each field
}

// NewBytes returns a column of byte strings. It checks that each row is inside data; no other function checks starts and
// lengths again.
func NewBytes(t Type, data []byte, starts, lengths []int32) (Column, error) {
	return NewBytesFrom(0, t, data, starts, lengths)
}

// NewBytesFrom is NewBytes for a caller that reads no row before from: it checks the rows from there on.
func NewBytesFrom(from int, t Type, data []byte, starts, lengths []int32) (Column, error) {
	size := int64(len(data))
	for i := from; i < len(starts); i++ {
		length := lengths[i]
		// All three have to be at least 0. The sign of their bitwise or is set if one is negative: one branch, not three.
		start, n := int64(starts[i]), int64(length)
		if start|n|(size-start-n) < 0 {
			return Column{}, errs.AtRow(i, errs.New(errs.InvalidArgument,
				"column: row %d is %d bytes at %d, outside the column's %d", i, length, start, size))
		}
	}
	return Column{Type: t, Rows: len(starts), Data: data, Starts: starts, Lengths: lengths}, nil
}

// BytesOf returns a column of copies of the values. A nil value is NULL.
func BytesOf(t Type, values ...[]byte) Column {
	c := newColumn(t, len(values))
	for i, v := range values {
		if v == nil {
			c.setNull(i)
		}
		c.appendBytes(i, v)
	}
	return c
}

// Int64Of returns a bigint column of the values.
func Int64Of(values ...int64) Column { return Column{Type: Bigint, Rows: len(values), Int64: values} }

// ArraysOf returns a column of arrays of bigint. A nil array is NULL.
func ArraysOf(values ...[]int64) Column {
	c := newColumn(BigintArray, len(values))
	for i, v := range values {
		if v == nil {
			c.setNull(i)
		}
		c.Elems.Int64 = append(c.Elems.Int64, v...)
		c.Ends[i] = int32(len(c.Elems.Int64))
	}
	c.Elems.Rows = len(c.Elems.Int64)
	return c
}

// Array returns row i of a column of arrays of bigint, in which a NULL element is 0.
func (c *Column) Array(i int) []int64 {
	from, end := int32(0), c.Ends[i]
	if i > 0 {
		from = c.Ends[i-1]
	}
	array := append([]int64{}, c.Elems.Int64[from:end]...)
	for at := range array {
		if c.Elems.IsNull(int(from) + at) {
			array[at] = 0
		}
	}
	return array
}

// Bytes returns row i of a column of byte strings. It shares the column's memory.
func (c *Column) Bytes(i int) []byte {
	start, end := c.Starts[i], c.Starts[i]+c.Lengths[i]
	return c.Data[start:end:end]
}

// Slice returns rows from..to-1. It shares the column's memory.
func (c *Column) Slice(from, to int) Column {
	out := Column{Type: c.Type, Rows: to - from, Data: c.Data}
	if c.Null != nil {
		out.Null = c.Null[from:to]
	}
	switch {
	case c.Type.IsBytes():
		out.Starts, out.Lengths = c.Starts[from:to], c.Lengths[from:to]
	case c.Type.Kind == KindBigint:
		out.Int64 = c.Int64[from:to]
	case c.Type.Kind == KindDouble:
		out.Float64 = c.Float64[from:to]
	case c.Type.Kind == KindArray:
		out.sliceElems(c, from, to)
	case c.Type.Kind == KindRow:
		for i := range c.Parts {
			out.Parts = append(out.Parts, c.Parts[i].Slice(from, to))
		}
	}
	return out
}

func (c *Column) sliceElems(of *Column, from, to int) {
	first := int32(0)
	if from > 0 {
		first = of.Ends[from-1]
	}
	c.Ends = make([]int32, to-from)
	for i := range c.Ends {
		c.Ends[i] = of.Ends[from+i] - first
	}
	last := first
	if to > from {
		last = of.Ends[to-1]
	}
	elems := of.Elems.Slice(int(first), int(last))
	c.Elems = &elems
}

// IsNull reports whether row i is NULL.
func (c *Column) IsNull(i int) bool { return c.Null != nil && c.Null[i] }

// newColumn returns a column of rows zero values, none of them NULL.
func newColumn(t Type, rows int) Column {
	c := Column{Type: t, Rows: rows}
	switch {
	case t.IsBytes():
		c.Starts, c.Lengths = make([]int32, rows), make([]int32, rows)
	case t.Kind == KindBigint:
		c.Int64 = make([]int64, rows)
	case t.Kind == KindDouble:
		c.Float64 = make([]float64, rows)
	case t.Kind == KindArray:
		elems := newColumn(*t.Elem, 0)
		c.Elems, c.Ends = &elems, make([]int32, rows)
	case t.Kind == KindRow:
		for _, f := range t.Fields {
			c.Parts = append(c.Parts, newColumn(f.Type, rows))
		}
	}
	return c
}

func (c *Column) setNull(i int) {
	if c.Null == nil {
		c.Null = make([]bool, c.Rows)
	}
	c.Null[i] = true
}

// appendBytes sets row i to a copy of value, after the rows set before.
func (c *Column) appendBytes(i int, value []byte) {
	c.Starts[i], c.Lengths[i] = int32(len(c.Data)), int32(len(value))
	c.Data = append(c.Data, value...)
}

// nullsOf returns the rows in which any column is NULL. The result of a scalar function is NULL there.
func nullsOf(args []Column) []bool {
	var null []bool
	for _, a := range args {
		for i := range a.Null {
			if a.Null[i] {
				if null == nil {
					null = make([]bool, a.Rows)
				}
				null[i] = true
			}
		}
	}
	return null
}
