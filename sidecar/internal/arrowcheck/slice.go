// SPDX-License-Identifier: Apache-2.0

package arrowcheck

// A Scratch is reusable memory for the rows that Slice copies. Its zero value is ready to use.
type Scratch struct {
	bytes  []byte
	starts []int32
}

// Size returns the memory held, in bytes.
func (s *Scratch) Size() int { return cap(s.bytes) + 4*cap(s.starts) }

// Slice returns rows [from, to) of a column of byte strings: row i is data[starts[i]:][:lengths[i]]. The result is valid
// until the scratch is used again.
func (c *Column) Slice(from, to int, scratch *Scratch) (data []byte, starts, lengths []int32) {
	if from == to {
		return nil, nil, nil
	}
	if c.scattered {
		return c.Data.Bytes(0, c.Data.Len(), nil), c.Starts[from:to], c.Lengths[from:to]
	}
	first, end := c.span(from, to)
	starts = append(scratch.starts[:0], c.Starts[from:to]...)
	scratch.starts = starts
	for i := range starts {
		starts[i] -= int32(first)
	}
	return c.Data.Bytes(first, end, &scratch.bytes), starts, c.Lengths[from:to]
}

// SliceEnds returns the index of the first element of rows [from, to) of a list, and the end of each row's elements,
// counted from that element.
func (c *Column) SliceEnds(from, to int) (first int, ends []int32) {
	base := int32(0)
	if from > 0 {
		base = c.Ends[from-1]
	}
	ends = make([]int32, to-from)
	for i := range ends {
		ends[i] = c.Ends[from+i] - base
	}
	return int(base), ends
}

// elems returns the range of the elements of rows [from, to) of a list. to must be greater than from.
func (c *Column) elems(from, to int) (first, last int) {
	if from > 0 {
		first = int(c.Ends[from-1])
	}
	return first, int(c.Ends[to-1])
}

// Size returns the bytes of the byte strings in a row.
func (c *Column) Size(row int) (size int) {
	switch {
	case c.Elem != nil:
		first, last := c.elems(row, row+1)
		if !c.Elem.scattered {
			start, end := c.span(row, row+1)
			return end - start
		}
		for ; first < last; first++ {
			size += c.Elem.Size(first)
		}
		return size
	case c.Lengths != nil:
		return int(c.Lengths[row])
	default:
		return 0
	}
}

// span returns the range of rows [from, to) in the column's data, or in the data of its elements. It is empty for a
// column without byte strings. to must be greater than from, and the rows must not be scattered.
func (c *Column) span(from, to int) (start, end int) {
	switch {
	case c.Elem != nil:
		if first, last := c.elems(from, to); first < last {
			return c.Elem.span(first, last)
		}
	case c.Lengths != nil:
		return int(c.Starts[from]), int(c.Starts[to-1] + c.Lengths[to-1])
	}
	return 0, 0
}

// Contiguous returns how many of the rows in [from, from+most) are in the same fragment as the first one, at least 1.
func (c *Column) Contiguous(from, most int) int {
	if c.scattered || c.Elem != nil && c.Elem.scattered {
		return most
	}
	start, end := c.span(from, from+most)
	limit := c.bytes().fragmentEnd(start)
	if end <= limit {
		return most
	}
	n := 1
	for n < most {
		if _, end = c.span(from+n, from+n+1); end > limit {
			break
		}
		n++
	}
	return n
}

// bytes returns the body to which span's range refers.
func (c *Column) bytes() *Body {
	if c.Elem != nil {
		return &c.Elem.Data
	}
	return &c.Data
}
