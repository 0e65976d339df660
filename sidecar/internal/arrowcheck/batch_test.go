package arrowcheck

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow/ipc"
)

// cut returns a body in pieces of n bytes.
func cut(body []byte, n int) Body { return NewBody(slices.Collect(slices.Chunk(body, n))...) }

func TestABatchIsReadHoweverItsBodyIsCut(t *testing.T) {
	s, b := encode(t)
	schema, err := ReadSchema(s.metadata)
	if err != nil {
		t.Fatal(err)
	}
	if got := schema.String(); got != "int64,binary,large_utf8,list<large_binary>" || schema.Metadata["headcount.protocol"] != "1" {
		t.Errorf("%s, %v", got, schema.Metadata)
	}
	for _, n := range []int{1, 3, 8, 64, len(b.body)} {
		batch, err := ReadBatch(schema, b.metadata, cut(b.body, n))
		if err != nil {
			t.Fatalf("pieces of %d: %v", n, err)
		}
		c := batch.Columns
		if batch.Rows != 3 || !slices.Equal(c[0].Int64, []int64{7, -1, 7}) || !slices.Equal(c[1].Null, []bool{false, true, false}) {
			t.Errorf("pieces of %d: %+v", n, batch)
		}
		var scratch Scratch
		data, starts, lengths := c[1].Slice(0, 3, &scratch)
		if string(data) != "abcde" || starts[2] != 3 || lengths[2] != 2 {
			t.Errorf("pieces of %d: %q %v %v", n, data, starts, lengths)
		}
		if first, ends := c[3].SliceEnds(1, 3); first != 0 || !slices.Equal(ends, []int32{1, 3}) {
			t.Errorf("pieces of %d: lists from %d to %v", n, first, ends)
		}
		data, _, _ = c[3].Elem.Slice(1, 3, &scratch)
		if string(data) != "elementelement" {
			t.Errorf("pieces of %d: %q", n, data)
		}
	}
}

// A column of 1, 3, 0, 4 and 2 bytes, and the lists of 1, 2, 0 and 2 of them.
func TestRowsAreTogetherThatLieInOnePiece(t *testing.T) {
	strings := Column{Field: &Field{Kind: Binary}, Rows: 5, Starts: []int32{0, 1, 4, 4, 8}, Lengths: []int32{1, 3, 0, 4, 2}}
	for _, c := range []struct {
		what  string
		cut   []int // of ten bytes, where
		want  []int // pieces of strings
		lists []int
	}{
		{"one piece", nil, []int{5}, []int{4}},
		{"between rows, the empty one with those before", []int{4}, []int{3, 2}, []int{3, 1}},
		{"within a row", []int{6}, []int{3, 1, 1}, []int{3, 1}},
		{"in single bytes", []int{1, 2, 3, 4, 5, 6, 7, 8, 9}, []int{1, 1, 1, 1, 1}, []int{1, 2, 1}},
	} {
		data, from := []byte("abcdefghij"), 0
		var pieces [][]byte
		for _, to := range append(c.cut, len(data)) {
			pieces = append(pieces, data[from:to])
			from = to
		}
		strings.Data = NewBody(pieces...)
		lists := Column{Field: &Field{Kind: List}, Rows: 4, Elem: &strings, Ends: []int32{1, 3, 3, 5}}
		for column, want := range map[*Column][]int{&strings: c.want, &lists: c.lists} {
			var got []int
			for row := 0; row < column.Rows; row += got[len(got)-1] {
				got = append(got, column.Contiguous(row, column.Rows-row))
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", c.what, got, want)
			}
		}
	}
}

// The buffers of encode's batch, by number.
const (
	groups = 1 // its integers; 0 is their bitmap
	bitmap = 2 // of the sketches
	offset = 3
	values = 4
	large  = 6
	ends   = 9
)

func TestABatchThatLiesIsRefused(t *testing.T) {
	s, b := encode(t)
	schema, err := ReadSchema(s.metadata)
	if err != nil {
		t.Fatal(err)
	}
	at := func(field, i, second int) int { return place(t, b.metadata, field, i) + 8*second }
	bufferAt := func(i int) int { return int(binary.LittleEndian.Uint64(b.metadata[at(batchBuffers, i, 0):])) }
	inBody := func(i, by int, v uint32) []byte {
		body := slices.Clone(b.body)
		binary.LittleEndian.PutUint32(body[bufferAt(i)+by:], v)
		return body
	}
	for what, c := range map[string]struct {
		metadata, body []byte
		want           string
	}{
		"a negative offset of a buffer":  {put(b.metadata, at(batchBuffers, values, 0), -8), b.body, "outside the body"},
		"a negative length":              {put(b.metadata, at(batchBuffers, values, 1), -8), b.body, "outside the body"},
		"a buffer past the end":          {put(b.metadata, at(batchBuffers, values, 0), int64(len(b.body))), b.body, "outside the body"},
		"a length that overflows":        {put(b.metadata, at(batchBuffers, values, 1), math.MaxInt64), b.body, "outside the body"},
		"buffers that overlap":           {put(b.metadata, at(batchBuffers, values, 0), int64(bufferAt(offset))), b.body, "before the end of the one before"},
		"integers that are too few":      {put(b.metadata, at(batchBuffers, groups, 1), 16), b.body, "integers of 16 bytes"},
		"a null bitmap that is missing":  {put(b.metadata, at(batchBuffers, bitmap, 1), 0), b.body, "null bitmap of 0 bytes"},
		"another number of nulls":        {put(b.metadata, at(batchNodes, 1, 1), 2), b.body, "where 2 are announced"},
		"more nulls than rows":           {put(b.metadata, at(batchNodes, 1, 1), 4), b.body, "3 rows with 4 nulls"},
		"a column of other length":       {put(b.metadata, at(batchNodes, 0, 0), 2), b.body, "has 2 rows"},
		"a column of absurd length":      {put(b.metadata, at(batchNodes, 1, 0), math.MaxInt32), b.body, "null bitmap"},
		"a column beyond counting":       {put(b.metadata, at(batchNodes, 1, 0), 1<<40), b.body, "a column of"},
		"offsets that are too few":       {put(b.metadata, at(batchBuffers, offset, 1), 12), b.body, "offsets of 12 bytes"},
		"an offset that is negative":     {b.metadata, inBody(offset, 0, 1<<31), "offset 0"},
		"offsets that decrease":          {b.metadata, inBody(offset, 4, 9), "offset 2"},
		"an offset past the values":      {b.metadata, inBody(offset, 12, 1000), "values up to 1000"},
		"a wide offset beyond 2^31":      {b.metadata, inBody(large, 3*8+4, 1), "offset 3"},
		"a list's end past its elements": {b.metadata, inBody(ends, 12, 1000), "elements up to 1000"},
		"a body that is cut off":         {b.metadata, b.body[:len(b.body)-8], "are there"},
		"no body":                        {b.metadata, nil, "are there"},
		"no metadata":                    {nil, b.body, "metadata"},
		"a schema for a batch":           {s.metadata, nil, "where a record batch has to be"},
	} {
		if _, err := ReadBatch(schema, c.metadata, NewBody(c.body)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
	}
}

func TestCompressedBodiesAreRefused(t *testing.T) {
	for name, option := range map[string]ipc.Option{"lz4": ipc.WithLZ4(), "zstd": ipc.WithZstd()} {
		s, b := encode(t, option)
		schema, err := ReadSchema(s.metadata)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ReadBatch(schema, b.metadata, NewBody(b.body)); err == nil || !strings.Contains(err.Error(), "compressed") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
