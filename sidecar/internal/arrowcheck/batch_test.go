// SPDX-License-Identifier: Apache-2.0

package arrowcheck

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/ipc"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// integerColumns returns a batch of a column of each integer type but uint64, with its smallest and its largest value.
func integerColumns(t testing.TB) (schema, batch ipcMessage) {
	t.Helper()
	var fields []arrow.Field
	for _, of := range []arrow.DataType{arrow.PrimitiveTypes.Int8, arrow.PrimitiveTypes.Int16, arrow.PrimitiveTypes.Int32,
		arrow.PrimitiveTypes.Uint8, arrow.PrimitiveTypes.Uint16, arrow.PrimitiveTypes.Uint32} {
		fields = append(fields, arrow.Field{Name: of.Name(), Type: of})
	}
	of := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, of)
	b.Field(0).(*array.Int8Builder).AppendValues([]int8{math.MinInt8, -1, math.MaxInt8}, nil)
	b.Field(1).(*array.Int16Builder).AppendValues([]int16{math.MinInt16, -1, math.MaxInt16}, nil)
	b.Field(2).(*array.Int32Builder).AppendValues([]int32{math.MinInt32, -1, math.MaxInt32}, nil)
	b.Field(3).(*array.Uint8Builder).AppendValues([]uint8{0, 1, math.MaxUint8}, nil)
	b.Field(4).(*array.Uint16Builder).AppendValues([]uint16{0, 1, math.MaxUint16}, nil)
	b.Field(5).(*array.Uint32Builder).AppendValues([]uint32{0, 1, math.MaxUint32}, nil)
	var w written
	if err := ipc.NewWriterWithPayloadWriter(&w, ipc.WithSchema(of)).Write(b.NewRecord()); err != nil {
		t.Fatal(err)
	}
	return w[0], w[1]
}

func TestBatch_WidensIntegers(t *testing.T) {
	s, b := integerColumns(t)
	schema, err := ReadSchema(s.metadata)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := schema.String(), "int8,int16,int32,uint8,uint16,uint32"; got != want {
		t.Errorf("schema %s, want %s", got, want)
	}
	batch, err := readBatch(schema, b.metadata, split(b.body, 5))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]int64{{math.MinInt8, -1, math.MaxInt8}, {math.MinInt16, -1, math.MaxInt16}, {math.MinInt32, -1, math.MaxInt32},
		{0, 1, math.MaxUint8}, {0, 1, math.MaxUint16}, {0, 1, math.MaxUint32}} {
		if got := batch.Columns[i].Int64; !slices.Equal(got, want) {
			t.Errorf("%s: %d, want %d", schema.Fields[i].Type(), got, want)
		}
	}
	short := put(b.metadata, place(t, b.metadata, batchBuffers, 5)+8, 5) // the values of int32
	if _, err := readBatch(schema, short, split(b.body, 5)); err == nil || !strings.Contains(err.Error(), "4 bytes per row") {
		t.Errorf("a buffer of 5 bytes: %v", err)
	}
}

// split returns a body in fragments of n bytes.
func split(body []byte, n int) Body { return NewBody(slices.Collect(slices.Chunk(body, n))...) }

func TestBatch_ReadsAnySplitIntoFragments(t *testing.T) {
	s, b := encode(t)
	schema, err := ReadSchema(s.metadata)
	if err != nil {
		t.Fatal(err)
	}
	if got := schema.String(); got != "int64,binary,large_utf8,list<large_binary>" || schema.Metadata["headcount.protocol"] != "1" {
		t.Errorf("%s, %v", got, schema.Metadata)
	}
	for _, n := range []int{1, 3, 8, 64, len(b.body)} {
		batch, err := readBatch(schema, b.metadata, split(b.body, n))
		if err != nil {
			t.Fatalf("fragments of %d bytes: %v", n, err)
		}
		c := batch.Columns
		if batch.Rows != 3 || !slices.Equal(c[0].Int64, []int64{7, -1, 7}) || !slices.Equal(c[1].Null, []bool{false, true, false}) {
			t.Errorf("fragments of %d bytes: %+v", n, batch)
		}
		var scratch Scratch
		data, starts, lengths := c[1].Slice(0, 3, &scratch)
		if string(data) != "abcde" || starts[2] != 3 || lengths[2] != 2 {
			t.Errorf("fragments of %d bytes: %q %v %v", n, data, starts, lengths)
		}
		if first, ends := c[3].SliceEnds(1, 3); first != 0 || !slices.Equal(ends, []int32{1, 3}) {
			t.Errorf("fragments of %d bytes: lists from %d to %v", n, first, ends)
		}
		data, _, _ = c[3].Elem.Slice(1, 3, &scratch)
		if string(data) != "elementelement" {
			t.Errorf("fragments of %d bytes: %q", n, data)
		}
	}
}

// The column has rows of 1, 3, 0, 4 and 2 bytes. The lists have 1, 2, 0 and 2 of these rows.
func TestColumn_ContiguousStopsAtTheEndOfAFragment(t *testing.T) {
	strings := Column{Field: &Field{Kind: Binary}, Rows: 5, Starts: []int32{0, 1, 4, 4, 8}, Lengths: []int32{1, 3, 0, 4, 2}}
	for _, c := range []struct {
		what  string
		cuts  []int // the ends of fragments in the ten bytes
		want  []int // contiguous rows of strings
		lists []int
	}{
		{"one fragment", nil, []int{5}, []int{4}},
		{"between rows; the empty row belongs to the first fragment", []int{4}, []int{3, 2}, []int{3, 1}},
		{"within a row", []int{6}, []int{3, 1, 1}, []int{3, 1}},
		{"fragments of 1 byte", []int{1, 2, 3, 4, 5, 6, 7, 8, 9}, []int{1, 1, 1, 1, 1}, []int{1, 2, 1}},
	} {
		data, from := []byte("abcdefghij"), 0
		var fragments [][]byte
		for _, to := range append(c.cuts, len(data)) {
			fragments = append(fragments, data[from:to])
			from = to
		}
		strings.Data = NewBody(fragments...)
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

// Indexes of buffers in the batch that encode returns.
const (
	groups = 1 // values of the integers; 0 is their null bitmap
	bitmap = 2 // null bitmap of the sketches
	offset = 3
	values = 4
	large  = 6
	ends   = 9
)

func TestBatch_RejectsMalformedMessages(t *testing.T) {
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
		"negative buffer offset":        {put(b.metadata, at(batchBuffers, values, 0), -8), b.body, "outside the body"},
		"negative buffer length":        {put(b.metadata, at(batchBuffers, values, 1), -8), b.body, "outside the body"},
		"buffer after the end":          {put(b.metadata, at(batchBuffers, values, 0), int64(len(b.body))), b.body, "outside the body"},
		"buffer end overflows":          {put(b.metadata, at(batchBuffers, values, 1), math.MaxInt64), b.body, "outside the body"},
		"overlapping buffers":           {put(b.metadata, at(batchBuffers, values, 0), int64(bufferAt(offset))), b.body, "before the end of the previous one"},
		"too few integers":              {put(b.metadata, at(batchBuffers, groups, 1), 16), b.body, "integers of 16 bytes"},
		"missing null bitmap":           {put(b.metadata, at(batchBuffers, bitmap, 1), 0), b.body, "null bitmap of 0 bytes"},
		"wrong number of nulls":         {put(b.metadata, at(batchNodes, 1, 1), 2), b.body, "declares 2"},
		"more nulls than rows":          {put(b.metadata, at(batchNodes, 1, 1), 4), b.body, "3 rows with 4 nulls"},
		"column shorter than the batch": {put(b.metadata, at(batchNodes, 0, 0), 2), b.body, "has 2 rows"},
		"column of 2^31-1 rows":         {put(b.metadata, at(batchNodes, 1, 0), math.MaxInt32), b.body, "null bitmap"},
		"column of 2^40 rows":           {put(b.metadata, at(batchNodes, 1, 0), 1<<40), b.body, "a column of"},
		"too few offsets":               {put(b.metadata, at(batchBuffers, offset, 1), 12), b.body, "offsets of 12 bytes"},
		"negative offset":               {b.metadata, inBody(offset, 0, 1<<31), "offset 0"},
		"decreasing offsets":            {b.metadata, inBody(offset, 4, 9), "offset 2"},
		"offset after the values":       {b.metadata, inBody(offset, 12, 1000), "values up to 1000"},
		"64-bit offset above 2^31":      {b.metadata, inBody(large, 3*8+4, 1), "offset 3"},
		"list end after the elements":   {b.metadata, inBody(ends, 12, 1000), "elements up to 1000"},
		"truncated body":                {b.metadata, b.body[:len(b.body)-8], "the message has"},
		"empty body":                    {b.metadata, nil, "the message has"},
		"empty metadata":                {nil, b.body, "metadata"},
		"schema instead of a batch":     {s.metadata, nil, "expected a record batch"},
	} {
		if _, err := readBatch(schema, c.metadata, NewBody(c.body)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
	}
}
