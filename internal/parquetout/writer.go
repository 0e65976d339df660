// SPDX-License-Identifier: Apache-2.0

// Package parquetout writes client_count files: Parquet with a row for each group, of the columns of its key and
// the sketch of its clients, in the order of the keys.
package parquetout

import (
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

// Options say how a file is written.
type Options struct {
	Sketch        string // the name of the column of sketches
	Level         int    // of zstd
	RowGroupBytes int64  // of sketches, uncompressed, after which a row group ends
	CreatedBy     string
}

// A Writer writes a file. Its methods are called from one goroutine.
type Writer struct {
	options Options
	columns []sortkey.Column
	out     *file.Writer

	keys     []*keyColumn
	sketches []parquet.ByteArray
	present  []int16
	data     []byte // what sketches share
	values   []sortkey.Value
	rows     int64
}

// NewWriter begins a file.
func NewWriter(out io.Writer, columns []sortkey.Column, options Options) (w *Writer, err error) {
	defer recovered(&err)
	root, err := newSchema(columns, options.Sketch)
	if err != nil {
		return nil, err
	}
	w = &Writer{options: options, columns: columns}
	for _, c := range columns {
		w.keys = append(w.keys, &keyColumn{Column: c})
	}
	props := parquet.NewWriterProperties(
		parquet.WithVersion(parquet.V2_LATEST),
		parquet.WithCreatedBy(options.CreatedBy),
		parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithCompressionLevel(options.Level),
		// Each sketch is of its own, and its bytes have no order that a query asks for.
		parquet.WithDictionaryFor(options.Sketch, false),
		parquet.WithStatsFor(options.Sketch, false),
	)
	// It would close what it writes to, which is not its own.
	w.out = file.NewParquetWriter(struct{ io.Writer }{out}, root, file.WithWriterProps(props))
	return w, nil
}

// recovered makes an error of a panic: so the Parquet library says that writing failed.
func recovered(err *error) {
	switch r := recover().(type) {
	case nil:
	case error:
		*err = fmt.Errorf("writing Parquet: %w", r)
	default:
		*err = fmt.Errorf("writing Parquet: %v", r)
	}
}

// newSchema has the columns as Trino and Spark write them: all nullable, the sketches plain bytes.
func newSchema(columns []sortkey.Column, sketch string) (*schema.GroupNode, error) {
	var fields schema.FieldList
	for _, c := range columns {
		physical, logical := parquetType(c.Type)
		field, err := schema.NewPrimitiveNodeLogical(c.Name, parquet.Repetitions.Optional, logical, physical, 0, -1)
		if err != nil {
			return nil, err
		}
		fields = append(fields, field)
	}
	fields = append(fields, schema.NewByteArrayNode(sketch, parquet.Repetitions.Optional, -1))
	return schema.NewGroupNode("schema", parquet.Repetitions.Required, fields, -1)
}

func parquetType(t sortkey.Type) (parquet.Type, schema.LogicalType) {
	switch t {
	case sortkey.Boolean:
		return parquet.Types.Boolean, schema.NoLogicalType{}
	case sortkey.Integer:
		return parquet.Types.Int32, schema.NoLogicalType{}
	case sortkey.Bigint:
		return parquet.Types.Int64, schema.NoLogicalType{}
	case sortkey.Date:
		return parquet.Types.Int32, schema.DateLogicalType{}
	default:
		return parquet.Types.ByteArray, schema.StringLogicalType{}
	}
}

// Add appends a row. Keys come in ascending order, so that row groups hold ranges that a query can pass over.
func (w *Writer) Add(key, sketch []byte) (err error) {
	if w.values, err = sortkey.Decode(w.values[:0], key, w.columns); err != nil {
		return err
	}
	if w.full(len(sketch)) {
		if err := w.flush(); err != nil {
			return err
		}
	}
	for i, v := range w.values {
		w.keys[i].add(v)
	}
	from := len(w.data)
	w.data = append(w.data, sketch...)
	w.sketches = append(w.sketches, w.data[from:len(w.data):len(w.data)])
	w.present = append(w.present, 1)
	return nil
}

// mostRows is how many rows a row group has at most: of small sketches so many that the columns beside them
// are what takes memory, here and where they are read.
const mostRows = 1 << 16

// full reports whether the next row, of a sketch of so many bytes, begins a row group: when this one has
// what it may hold.
func (w *Writer) full(sketch int) bool {
	return len(w.sketches) == mostRows || len(w.sketches) > 0 && int64(len(w.data)+sketch) > w.options.RowGroupBytes
}

// Rows returns how many rows have been added.
func (w *Writer) Rows() int64 { return w.rows + int64(len(w.sketches)) }

// flush writes the rows so far as a row group.
func (w *Writer) flush() (err error) {
	defer recovered(&err)
	group := w.out.AppendRowGroup()
	for _, key := range w.keys {
		column, err := group.NextColumn()
		if err != nil {
			return err
		}
		if err := key.write(column); err != nil {
			return err
		}
		if err := column.Close(); err != nil {
			return err
		}
	}
	column, err := group.NextColumn()
	if err != nil {
		return err
	}
	if _, err := column.(*file.ByteArrayColumnChunkWriter).WriteBatch(w.sketches, w.present, nil); err != nil {
		return err
	}
	if err := column.Close(); err != nil {
		return err
	}
	w.rows += int64(len(w.sketches))
	w.sketches, w.present, w.data = w.sketches[:0], w.present[:0], w.data[:0]
	return group.Close()
}

// Close ends the file. It does not close what is written to.
func (w *Writer) Close() (err error) {
	defer recovered(&err)
	if len(w.sketches) > 0 {
		if err := w.flush(); err != nil {
			return err
		}
	}
	return w.out.Close()
}
