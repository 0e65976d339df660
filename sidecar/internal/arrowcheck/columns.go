// SPDX-License-Identifier: Apache-2.0

package arrowcheck

import (
	"encoding/binary"
	"math"
)

// integers reads integers of the field's width. A narrow one is extended by its sign, if it has one.
func (r *batchReader) integers(f *Field, rows int) []int64 {
	if f.width > 0 {
		return r.narrowIntegers(f, rows)
	}
	b := r.sized("integers", rows, 8)
	if r.err != nil {
		return nil
	}
	values := make([]int64, rows)
	for i := range values {
		values[i] = int64(binary.LittleEndian.Uint64(b[8*i:]))
	}
	return values
}

func (r *batchReader) doubles(rows int) []float64 {
	b := r.sized("doubles", rows, 8)
	if r.err != nil {
		return nil
	}
	values := make([]float64, rows)
	for i := range values {
		values[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
	}
	return values
}

func (r *batchReader) narrowIntegers(f *Field, rows int) []int64 {
	b := r.sized("integers", rows, f.width)
	if r.err != nil {
		return nil
	}
	if !r.reserve(8 * rows) {
		return nil
	}
	values, unused := make([]int64, rows), 64-8*f.width
	var word [8]byte
	for i := range values {
		copy(word[:], b[f.width*i:][:f.width])
		v := binary.LittleEndian.Uint64(word[:]) << unused
		if f.unsigned {
			values[i] = int64(v >> unused)
		} else {
			values[i] = int64(v) >> unused
		}
	}
	return values
}

// offsets reads rows+1 offsets, which must not be negative and must not decrease. A column of 0 rows may have none.
// It returns the first offset, and for each row the offset of its end.
func (r *batchReader) offsets(rows int, large bool) (first int32, ends []int32) {
	width := 4
	if large {
		width = 8
	}
	b := r.buffer()
	if rows == 0 || r.err != nil {
		return 0, nil
	}
	if len(b)/width < rows+1 {
		r.fail("offsets of %d bytes for %d rows: expected %d bytes for each row and for one more", len(b), rows, width)
		return 0, nil
	}
	ends = make([]int32, rows)
	last := int64(0)
	for i := range rows + 1 {
		var at int64
		if large {
			at = int64(binary.LittleEndian.Uint64(b[8*i:]))
		} else {
			at = int64(int32(binary.LittleEndian.Uint32(b[4*i:])))
		}
		if at < last || at > math.MaxInt32 {
			r.fail("offset %d is %d, after %d", i, at, last)
			return 0, nil
		}
		if last = at; i == 0 {
			first = int32(at)
		} else {
			ends[i-1] = int32(at)
		}
	}
	return first, ends
}

func (r *batchReader) strings(c *Column) {
	start, ends := r.offsets(c.Rows, c.Field.Kind.Large())
	c.Data = r.region()
	if r.err != nil || c.Rows == 0 {
		return
	}
	if end := ends[c.Rows-1]; int(end) > c.Data.Len() {
		r.fail("values up to %d in a buffer of %d bytes", end, c.Data.Len())
		return
	}
	c.Starts, c.Lengths = make([]int32, c.Rows), ends
	for i, end := range ends {
		c.Starts[i], c.Lengths[i] = start, end-start
		start = end
	}
}

func (r *batchReader) list(c *Column) {
	first, ends := r.offsets(c.Rows, c.Field.Kind.Large())
	elem := r.column(c.Field.Elem)
	c.Elem, c.Ends = &elem, ends
	if r.err != nil || c.Rows == 0 {
		return
	}
	if end := ends[c.Rows-1]; int(end) > elem.Rows {
		r.fail("a list with elements up to %d: its child has %d", end, elem.Rows)
		return
	}
	if first > 0 {
		elem.skip(int(first))
		for i := range ends {
			ends[i] -= first
		}
	}
}

// skip removes the first n rows of a list's elements, which are not lists.
func (c *Column) skip(n int) {
	c.Rows -= n
	if c.Null != nil {
		c.Null = c.Null[n:]
	}
	if c.Field.Kind == Int64 {
		c.Int64 = c.Int64[n:]
	} else {
		c.Starts, c.Lengths = c.Starts[n:], c.Lengths[n:]
	}
}
