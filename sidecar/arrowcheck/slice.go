package arrowcheck

// Slice returns rows from to to of a column of byte strings: row i is data[starts[i]:][:lengths[i]]. scratch is as in
// [Body.Bytes].
func (c *Column) Slice(from, to int, scratch *[]byte) (data []byte, starts, lengths []int32) {
	if from == to {
		return nil, nil, nil
	}
	first, last := c.Starts[from], c.Starts[to-1]+c.Lengths[to-1]
	starts = make([]int32, to-from)
	for i := range starts {
		starts[i] = c.Starts[from+i] - first
	}
	return c.Data.Bytes(int(first), int(last), scratch), starts, c.Lengths[from:to]
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
