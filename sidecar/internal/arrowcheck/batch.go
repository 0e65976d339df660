// SPDX-License-Identifier: Apache-2.0

package arrowcheck

import "math"

// A Column holds the values of a field in one batch. It shares the memory of the batch's body.
type Column struct {
	Field *Field
	Rows  int
	Null  []bool // nil if no row is NULL

	Int64   []int64
	Float64 []float64

	// Byte strings: row i is Lengths[i] bytes from Starts[i] on, in Data. The rows are adjacent and in order, unless the
	// column is scattered: then Data is one fragment, and rows may be anywhere in it and overlap.
	Data            Body
	Starts, Lengths []int32
	scattered       bool

	// A list: the elements of all rows in order, and for each row the index after its last element.
	Elem *Column
	Ends []int32
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
	*Reader
	nodes, nodesLeft       int
	buffers, buffersLeft   int
	variadic, variadicLeft int // for each view column, the number of its data buffers
	body                   *Body
	used                   int64 // the end of the last buffer, in bytes of the body
	codec                  codec
	decompressed           int64 // bytes of the buffers decompressed so far
}

// newBatchReader returns a reader of the table RecordBatch, and the number of its rows.
func (r *Reader) newBatchReader(t flatTable, bodyLength int64, body *Body) (*batchReader, int) {
	rows := t.int64At(batchLength)
	b := &batchReader{flatTable: t, Reader: r, body: body, codec: readCodec(t)}
	switch {
	case bodyLength < 0 || bodyLength > int64(body.Len()) || body.Len() > math.MaxInt32:
		t.fail("the metadata declares a body of %d bytes, the message has %d", bodyLength, body.Len())
	case rows < 0 || rows > math.MaxInt32:
		t.fail("a batch of %d rows", rows)
	}
	b.nodes, b.nodesLeft = t.vectorAt(batchNodes, nodeSize)
	b.buffers, b.buffersLeft = t.vectorAt(batchBuffers, bufferSize)
	b.variadic, b.variadicLeft = t.vectorAt(batchVariadic, 8)
	return b, int(rows)
}

// columns reads the columns of the fields, and checks that nothing is left.
func (r *batchReader) columns(fields []Field, rows int) ([]Column, error) {
	columns := make([]Column, len(fields))
	for i := range columns {
		if columns[i] = r.column(&fields[i]); r.err == nil && columns[i].Rows != rows {
			r.fail("column %d has %d rows, its batch %d", i, columns[i].Rows, rows)
		}
	}
	if r.nodesLeft > 0 || r.buffersLeft > 0 || r.variadicLeft > 0 {
		r.fail("a batch with %d columns, %d buffers and %d views more than its schema", r.nodesLeft, r.buffersLeft, r.variadicLeft)
	}
	return columns, r.err
}

func (r *batchReader) column(f *Field) Column {
	rows, nulls := r.node()
	c := Column{Field: f, Rows: rows, Null: r.nulls(rows, nulls)}
	if r.err != nil {
		return Column{}
	}
	switch {
	case f.Kind == 0:
		r.fail("a column of type %s", f.Type())
	case f.dictionary != nil:
		r.dictionaryRows(&c)
	case f.Kind == Int64:
		c.Int64 = r.integers(f, rows)
	case f.Kind.isListView():
		r.listViews(&c)
	case f.Kind == Float64:
		c.Float64 = r.doubles(rows)
	case f.Kind.IsList():
		r.list(&c)
	case f.Kind.isView():
		r.views(&c)
	default:
		r.strings(&c)
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
		return r.decompress(r.body.Sub(int(offset), int(r.used)))
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
