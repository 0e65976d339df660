// SPDX-License-Identifier: Apache-2.0

package arrowcheck

import (
	"encoding/binary"
	"math"
)

// A view is 16 bytes: the length of the value, int32, and either the value, if it has at most 12 bytes, or its first 4
// bytes, the index of the data buffer that holds it, int32, and its offset there, int32. (Columnar format, "Variable-size
// Binary View Layout".)
const (
	viewSize   = 16
	viewInline = 12
	viewIndex  = 8
	viewOffset = 12
)

// views reads a column of views. Its data is the views themselves, which hold the short values, and the data buffers.
func (r *batchReader) views(c *Column) {
	parts := []Body{r.region()}
	n := r.dataBuffers()
	for range n {
		parts = append(parts, r.region())
	}
	data, starts := r.join(parts)
	if r.err != nil || c.Rows == 0 {
		return
	}
	if parts[0].Len()/viewSize < c.Rows {
		r.fail("views of %d bytes for %d rows: expected %d bytes per row", parts[0].Len(), c.Rows, viewSize)
		return
	}
	c.Data, c.scattered = data, true
	c.Starts, c.Lengths = make([]int32, c.Rows), make([]int32, c.Rows)
	all := data.Bytes(0, data.Len(), nil)
	for i := range c.Rows {
		if c.Null != nil && c.Null[i] {
			continue // the view of a NULL may be anything
		}
		view := all[viewSize*i:][:viewSize]
		word := func(at int) int64 { return int64(int32(binary.LittleEndian.Uint32(view[at:]))) }
		length, start := word(0), int64(viewSize*i+4)
		if length > viewInline {
			buffer, offset := word(viewIndex), word(viewOffset)
			if buffer < 0 || buffer >= int64(n) || offset < 0 || offset > int64(parts[buffer+1].Len())-length {
				r.fail("view %d is %d bytes at %d of data buffer %d, outside it", i, length, offset, buffer)
				return
			}
			start = int64(starts[buffer+1]) + offset
		} else if length < 0 {
			r.fail("view %d has the length %d", i, length)
			return
		}
		c.Starts[i], c.Lengths[i] = int32(start), int32(length)
	}
}

// dataBuffers returns the number of data buffers of the next view column.
func (r *batchReader) dataBuffers() int {
	if r.variadicLeft == 0 {
		r.fail("a batch with fewer numbers of view buffers than view columns")
		return 0
	}
	n := r.i64(r.variadic)
	r.variadic, r.variadicLeft = r.variadic+8, r.variadicLeft-1
	if n < 0 || n > int64(r.buffersLeft) {
		r.fail("a view column with %d data buffers: the batch has %d more", n, r.buffersLeft)
		return 0
	}
	return int(n)
}

// join returns the parts as a body of one fragment, and where each of them starts in it. It copies them unless only one
// has bytes and is in one fragment.
func (r *batchReader) join(parts []Body) (Body, []int) {
	starts, size, last := make([]int, len(parts)), 0, 0
	for i := range parts {
		if starts[i] = size; parts[i].Len() > 0 {
			last = i
		}
		size += parts[i].Len()
	}
	if only := &parts[last]; only.Len() == size && only.fragmentEnd(0) == size {
		return *only, starts
	}
	if size > math.MaxInt32 {
		r.fail("a column of %d bytes", size)
	}
	if !r.reserve(size) {
		return Body{}, starts
	}
	all := make([]byte, 0, size)
	for i := range parts {
		all = parts[i].appendTo(all)
	}
	return NewBody(all), starts
}

// listViews reads a column of list views: for each row the offset and the number of its elements. The elements are copied
// in the order of the rows, except for the bytes of byte strings.
func (r *batchReader) listViews(c *Column) {
	offsets, sizes := r.viewWords(c), r.viewWords(c)
	elem := r.column(c.Field.Elem)
	if r.err != nil {
		return
	}
	total := int64(0)
	for i := range sizes {
		if c.Null != nil && c.Null[i] {
			sizes[i] = 0 // the view of a NULL may be anything
		}
		if sizes[i] == 0 {
			offsets[i] = 0
		}
		if offsets[i] < 0 || sizes[i] < 0 || sizes[i] > int64(elem.Rows) || offsets[i] > int64(elem.Rows)-sizes[i] {
			r.fail("a list view of %d elements at %d: its child has %d", sizes[i], offsets[i], elem.Rows)
			return
		}
		total += sizes[i]
	}
	// A plain list has at least 4 bytes for each element.
	if total > r.MaxBody/4 {
		r.fail("list views of %d elements: send at most %d in a batch", total, r.MaxBody/4)
		return
	}
	if !r.reserve(4 * (int(total) + len(sizes))) {
		return
	}
	rows := make([]int32, 0, total)
	c.Ends = make([]int32, len(sizes))
	for i := range sizes {
		for row := range sizes[i] {
			rows = append(rows, int32(offsets[i]+row))
		}
		c.Ends[i] = int32(len(rows))
	}
	gathered := r.gather(&elem, rows)
	c.Elem = &gathered
}

// viewWords reads the offsets or the sizes of list views.
func (r *batchReader) viewWords(c *Column) []int64 {
	width := 4
	if c.Field.Kind.Large() {
		width = 8
	}
	return r.narrowIntegers(&Field{width: width}, c.Rows)
}

// gather returns the rows of a column that is not a list, in the order given.
func (r *batchReader) gather(c *Column, rows []int32) Column {
	out := Column{Field: c.Field, Rows: len(rows)}
	if !r.reserve(9 * len(rows)) {
		return out
	}
	if c.Null != nil {
		out.Null = make([]bool, len(rows))
		for i, row := range rows {
			out.Null[i] = c.Null[row]
		}
	}
	if c.Field.Kind == Int64 {
		out.Int64 = make([]int64, len(rows))
		for i, row := range rows {
			out.Int64[i] = c.Int64[row]
		}
		return out
	}
	out.Data, _ = r.join([]Body{c.Data})
	out.scattered = true
	out.Starts, out.Lengths = make([]int32, len(rows)), make([]int32, len(rows))
	for i, row := range rows {
		out.Starts[i], out.Lengths[i] = c.Starts[row], c.Lengths[row]
	}
	return out
}
