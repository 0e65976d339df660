// SPDX-License-Identifier: Apache-2.0

package arrowcheck

import (
	"bytes"
	"testing"
)

// No input panics, and every value of an accepted batch can be read.
func FuzzReadBatch(f *testing.F) {
	s, b := encode(f)
	f.Add(s.metadata, b.metadata, b.body, uint16(7))
	f.Add(s.metadata, b.metadata, b.body[:8], uint16(1))
	narrowSchema, narrow := integerColumns(f)
	f.Add(narrowSchema.metadata, narrow.metadata, narrow.body, uint16(3))
	f.Add(b.metadata, s.metadata, []byte{}, uint16(0))
	f.Fuzz(func(t *testing.T, schemaMetadata, metadata, body []byte, size uint16) {
		schema, err := ReadSchema(schemaMetadata)
		if err != nil {
			return
		}
		batch, err := readBatch(schema, metadata, split(body, int(size)+1))
		if err != nil {
			return
		}
		for i := range batch.Columns {
			readAll(t, &batch.Columns[i])
		}
	})
}

func readAll(t *testing.T, c *Column) {
	if c.Null != nil && len(c.Null) != c.Rows {
		t.Errorf("%d flags for %d rows", len(c.Null), c.Rows)
	}
	switch {
	case c.Field.Kind == Int64:
		if len(c.Int64) != c.Rows {
			t.Errorf("%d integers for %d rows", len(c.Int64), c.Rows)
		}
	case c.Field.Kind.IsList():
		first, ends := c.SliceEnds(0, c.Rows)
		for _, end := range ends {
			if int(end) < first || int(end) > c.Elem.Rows {
				t.Errorf("an end of %d for %d elements", end, c.Elem.Rows)
			}
		}
		readAll(t, c.Elem)
	default:
		readStrings(t, c)
	}
}

// readStrings reads a column of byte strings at once, and again fragment by fragment.
func readStrings(t *testing.T, c *Column) {
	data, starts, lengths := c.Slice(0, c.Rows, new(Scratch))
	var scratch Scratch
	for from := 0; from < c.Rows; {
		to := from + c.Contiguous(from, c.Rows-from)
		part, partStarts, partLengths := c.Slice(from, to, &scratch)
		for i := range partStarts {
			got, want := part[partStarts[i]:][:partLengths[i]], data[starts[from+i]:][:lengths[from+i]]
			if !bytes.Equal(got, want) {
				t.Errorf("row %d of %d to %d is %x, not %x", from+i, from, to, got, want)
			}
		}
		from = to
	}
}
