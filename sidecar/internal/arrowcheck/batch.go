// SPDX-License-Identifier: Apache-2.0

package arrowcheck

import (
	"encoding/binary"
	"math"
)

// A Column holds the values of a field in one batch. It shares the memory of the batch's body.
type Column struct {
	Field *Field
	Rows  int
	Null  []bool // nil if no row is NULL

	Int64 []int64

	// Byte strings: row i is Lengths[i] bytes from Starts[i] on, in Data. The rows are adjacent and in order.
	Data            Body
	Starts, Lengths []int32

	// A list: the elements of all rows in order, and for each row the index after its last element.
	Elem *Column
	Ends []int32
}

// A Batch is a record batch.
type Batch struct {
	Rows    int
	Columns []Column
}

// Fields of the table RecordBatch, and the sizes of the structs in it.
const (
	batchLength      = 0
	batchNodes       = 1
	batchBuffers     = 2
	batchCompression = 3
	batchVariadic    = 4

	nodeSize   = 16
	bufferSize = 16
)

// A batchReader reads a batch's nodes and buffers in the order of the schema's fields, depth first.
type batchReader struct {
	flatTable
	nodes, nodesLeft     int
	buffers, buffersLeft int
	body                 *Body
	used                 int64 // the end of the last buffer, in bytes of the body
}

// ReadBatch reads a record batch of a schema. The body may be longer than the metadata declares, because of padding.
func ReadBatch(schema *Schema, metadata []byte, body Body) (*Batch, error) {
	m, err := open(metadata)
	if err != nil {
		return nil, err
	}
	t := m.header
	rows := t.int64At(batchLength)
	switch {
	case m.kind != headerRecordBatch:
		return nil, errorf("a message of kind %d: expected a record batch", m.kind)
	case m.bodyLength < 0 || m.bodyLength > int64(body.Len()) || body.Len() > math.MaxInt32:
		return nil, errorf("the metadata declares a body of %d bytes, the message has %d", m.bodyLength, body.Len())
	case t.present(batchCompression):
		return nil, errorf("a compressed body: send it uncompressed")
	case rows < 0 || rows > math.MaxInt32:
		return nil, errorf("a batch of %d rows", rows)
	}
	r := &batchReader{flatTable: t, body: &body}
	r.nodes, r.nodesLeft = t.vectorAt(batchNodes, nodeSize)
	r.buffers, r.buffersLeft = t.vectorAt(batchBuffers, bufferSize)
	if _, variadic := t.vectorAt(batchVariadic, 8); variadic > 0 {
		t.fail("a batch with view columns: send utf8 or binary")
	}
	b := &Batch{Rows: int(rows), Columns: make([]Column, len(schema.Fields))}
	for i := range b.Columns {
		if b.Columns[i] = r.column(&schema.Fields[i]); r.err == nil && b.Columns[i].Rows != b.Rows {
			r.fail("column %d has %d rows, its batch %d", i, b.Columns[i].Rows, b.Rows)
		}
	}
	if r.nodesLeft > 0 || r.buffersLeft > 0 {
		r.fail("a batch with %d columns and %d buffers more than its schema", r.nodesLeft, r.buffersLeft)
	}
	if r.err != nil {
		return nil, r.err
	}
	return b, nil
}

func (r *batchReader) column(f *Field) Column {
	rows, nulls := r.node()
	c := Column{Field: f, Rows: rows, Null: r.nulls(rows, nulls)}
	if r.err != nil {
		return Column{}
	}
	switch {
	case f.Kind == Int64:
		c.Int64 = r.integers(f, rows)
	case f.Kind.IsList():
		r.list(&c)
	case f.Kind != 0:
		r.strings(&c)
	default:
		r.fail("a column of type %s", f.Type())
	}
	return c
}

// node reads the number of rows and of nulls of the next column.
func (r *batchReader) node() (rows int, nulls int64) {
	if r.nodesLeft == 0 {
		r.fail("a batch with fewer columns than its schema")
		return 0, 0
	}
	n, nulls := r.i64(r.nodes), r.i64(r.nodes+8)
	r.nodes, r.nodesLeft = r.nodes+nodeSize, r.nodesLeft-1
	if n < 0 || n > math.MaxInt32 || nulls < 0 || nulls > n {
		r.fail("a column of %d rows with %d nulls", n, nulls)
		return 0, 0
	}
	return int(n), nulls
}

// region returns the next buffer in its fragments.
func (r *batchReader) region() Body {
	if r.buffersLeft == 0 {
		r.fail("a batch with fewer buffers than its schema")
		return Body{}
	}
	offset, length := r.i64(r.buffers), r.i64(r.buffers+8)
	r.buffers, r.buffersLeft = r.buffers+bufferSize, r.buffersLeft-1
	switch size := int64(r.body.Len()); {
	case offset < 0 || length < 0 || offset > size || length > size-offset:
		r.fail("a buffer of %d bytes at %d, outside the body's %d", length, offset, size)
	case length == 0 || r.err != nil:
	case offset < r.used:
		r.fail("a buffer at %d, before the end of the previous one, %d", offset, r.used)
	default:
		r.used = offset + length
		return r.body.Sub(int(offset), int(r.used))
	}
	return Body{}
}

// buffer returns the next buffer as one slice.
func (r *batchReader) buffer() []byte {
	b := r.region()
	return b.Bytes(0, b.Len(), nil)
}

// sized returns the next buffer, which must hold n values of width bytes.
func (r *batchReader) sized(what string, n, width int) []byte {
	b := r.buffer()
	if len(b)/width < n {
		r.fail("%s of %d bytes for %d rows: expected %d bytes per row", what, len(b), n, width)
		return nil
	}
	return b
}

func (r *batchReader) nulls(rows int, nulls int64) []bool {
	bitmap := r.buffer()
	if nulls == 0 || r.err != nil {
		return nil
	}
	if len(bitmap) < (rows+7)/8 {
		r.fail("a null bitmap of %d bytes for %d rows", len(bitmap), rows)
		return nil
	}
	null, found := make([]bool, rows), int64(0)
	for i := range null {
		if bitmap[i/8]>>(i%8)&1 == 0 {
			null[i] = true
			found++
		}
	}
	if found != nulls {
		r.fail("a null bitmap with %d nulls: the metadata declares %d", found, nulls)
		return nil
	}
	return null
}

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

func (r *batchReader) narrowIntegers(f *Field, rows int) []int64 {
	b := r.sized("integers", rows, f.width)
	if r.err != nil {
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
