package arrowcheck

// A Scratch is memory for rows that cannot be used where they lie. Its zero value is ready.
type Scratch struct {
	bytes  []byte
	starts []int32
}

// Size returns how many bytes of memory it holds.
func (s *Scratch) Size() int { return cap(s.bytes) + 4*cap(s.starts) }

// Slice returns rows from to to of a column of byte strings: row i is data[starts[i]:][:lengths[i]]. They hold until
// the scratch is used again.
func (c *Column) Slice(from, to int, scratch *Scratch) (data []byte, starts, lengths []int32) {
	if from == to {
		return nil, nil, nil
	}
	first, end := c.Span(from, to)
	starts = append(scratch.starts[:0], c.Starts[from:to]...)
	scratch.starts = starts
	for i := range starts {
		starts[i] -= int32(first)
	}
	return c.Data.Bytes(first, end, &scratch.bytes), starts, c.Lengths[from:to]
}

// SliceEnds returns the first element of rows from to to of a list, and where each row's elements end, counted from it.
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

// Span returns where the bytes of rows from to to lie in the column's data, or its elements': empty where the column
// has none. There is a row at least.
func (c *Column) Span(from, to int) (start, end int) {
	switch {
	case c.Field.Kind.IsList():
		first, last := 0, int(c.Ends[to-1])
		if from > 0 {
			first = int(c.Ends[from-1])
		}
		if first < last {
			return c.Elem.Span(first, last)
		}
	case c.Lengths != nil:
		return int(c.Starts[from]), int(c.Starts[to-1] + c.Lengths[to-1])
	}
	return 0, 0
}

// Contiguous returns how many of most rows from row from on lie in one piece of the body, or 1 when not even that does.
func (c *Column) Contiguous(from, most int) int {
	start, end := c.Span(from, from+most)
	whole := c.bytes().fragmentEnd(start)
	if end <= whole {
		return most
	}
	n := 1
	for n < most {
		if _, end = c.Span(from+n, from+n+1); end > whole {
			break
		}
		n++
	}
	return n
}

// bytes is the body that Span speaks of.
func (c *Column) bytes() *Body {
	if c.Elem != nil {
		return &c.Elem.Data
	}
	return &c.Data
}
