// SPDX-License-Identifier: Apache-2.0

// Package parquetout writes client_count files: Parquet with one row for each group, in the order of the keys. The columns
// are those of the key, the sketches, and sums.
package parquetout

import (
	"fmt"
	"io"
	"slices"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

// Options are what a file is written with.
type Options struct {
	Sketches      []string // names of the sketch columns
	Sums          []string // names of bigint columns
	Level         int      // of zstd
	RowGroupBytes int64    // a row group ends when its sketches have this many bytes, uncompressed
	CreatedBy     string
}

// A Writer writes a file. Its methods are called from one goroutine. It writes a row group while the next one is added.
type Writer struct {
	options Options
	columns []sortkey.Column
	out     *file.Writer

	rowGroup
	spare   rowGroup   // is being written, or has been
	writing chan error // gives the result of writing spare; nil if it is not being written
	values  []sortkey.Value
	bytes   int64 // of the sketches of the row group
	keyed   int64 // bytes of its keys
	rows    int64 // of the row groups before
}

// A rowGroup is rows of a row group.
type rowGroup struct {
	keys, sketches, sums []*valueColumn
	here                 int // rows
}

// mostSpare is the largest size of a row group that is written while the next one is made, which takes the memory of both.
const mostSpare = 1 << 24

// NewWriter begins a file.
func NewWriter(out io.Writer, columns []sortkey.Column, options Options) (w *Writer, err error) {
	defer recovered(&err)
	w = &Writer{options: options, columns: columns}
	properties := []parquet.WriterProperty{
		parquet.WithVersion(parquet.V2_LATEST),
		parquet.WithCreatedBy(options.CreatedBy),
		parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithCompressionLevel(options.Level),
	}
	for _, name := range options.Sketches {
		// Sketches hardly repeat, and the order of their bytes has no meaning.
		properties = append(properties, parquet.WithDictionaryFor(name, false), parquet.WithStatsFor(name, false))
	}
	w.rowGroup, w.spare = newRowGroup(columns, options), newRowGroup(columns, options)
	root, err := newSchema(w.all())
	if err != nil {
		return nil, err
	}
	// The writer would close out, which belongs to the caller.
	w.out = file.NewParquetWriter(struct{ io.Writer }{out}, root, file.WithWriterProps(parquet.NewWriterProperties(properties...)))
	return w, nil
}

func newRowGroup(columns []sortkey.Column, options Options) (g rowGroup) {
	for _, c := range columns {
		g.keys = append(g.keys, &valueColumn{name: c.Name, kind: c.Type})
	}
	for _, name := range options.Sketches {
		g.sketches = append(g.sketches, &valueColumn{name: name})
	}
	for _, name := range options.Sums {
		g.sums = append(g.sums, &valueColumn{name: name, kind: sortkey.Bigint})
	}
	return g
}

// all returns the columns in the order of the file.
func (g *rowGroup) all() []*valueColumn { return slices.Concat(g.keys, g.sketches, g.sums) }

// recovered turns a panic into an error: the Parquet library panics if writing fails.
func recovered(err *error) {
	switch r := recover().(type) {
	case nil:
	case error:
		*err = fmt.Errorf("writing Parquet: %w", r)
	default:
		*err = fmt.Errorf("writing Parquet: %v", r)
	}
}

// newSchema returns the columns as Trino and Spark write them: all nullable, the sketches bytes without a logical type.
func newSchema(columns []*valueColumn) (*schema.GroupNode, error) {
	var fields schema.FieldList
	for _, c := range columns {
		physical, logical := parquetType(c.kind)
		field, err := schema.NewPrimitiveNodeLogical(c.name, parquet.Repetitions.Optional, logical, physical, 0, -1)
		if err != nil {
			return nil, err
		}
		fields = append(fields, field)
	}
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
	case sortkey.Varchar:
		return parquet.Types.ByteArray, schema.StringLogicalType{}
	default: // a sketch
		return parquet.Types.ByteArray, schema.NoLogicalType{}
	}
}

// Add appends a row: its key, a sketch for each sketch column, and a sum for each sum. A nil sketch or sum is NULL. Keys
// come in ascending order, so that a query can skip row groups by their statistics.
func (w *Writer) Add(key []byte, sketches [][]byte, sums []*int64) (err error) {
	if w.values, err = sortkey.Decode(w.values[:0], key, w.columns); err != nil {
		return err
	}
	size := int64(0)
	for _, sketch := range sketches {
		size += int64(len(sketch))
	}
	if w.here == maxRows || w.here > 0 && (w.bytes+size > w.options.RowGroupBytes || w.keyed+int64(len(key)) > mostKeyed) {
		if err := w.flush(); err != nil {
			return err
		}
	}
	for i, v := range w.values {
		w.keys[i].add(v)
	}
	for i, column := range w.sketches {
		column.add(sortkey.Value{Null: sketches[i] == nil, Text: sketches[i]})
	}
	for i, column := range w.sums {
		if sums[i] == nil {
			column.add(sortkey.Value{Null: true})
		} else {
			column.add(sortkey.Value{Int: *sums[i]})
		}
	}
	w.here++
	w.bytes += size
	w.keyed += int64(len(key))
	return nil
}

// maxRows is the largest number of rows of a row group, and mostKeyed the largest size of their keys. They limit the memory of the other
// columns if sketches are small.
const (
	maxRows   = 1 << 16
	mostKeyed = 1 << 23
)

// Rows returns the number of rows added.
func (w *Writer) Rows() int64 { return w.rows + int64(w.here) }

// flush writes the rows since the last flush as a row group, or begins to.
func (w *Writer) flush() error {
	if err := w.Wait(); err != nil {
		return err
	}
	w.rowGroup, w.spare = w.spare, w.rowGroup
	w.rows += int64(w.spare.here)
	w.here, w.bytes, w.keyed = 0, 0, 0
	if w.options.RowGroupBytes > mostSpare {
		return w.spare.write(w.out)
	}
	w.writing = make(chan error, 1)
	go func() { w.writing <- w.spare.write(w.out) }()
	return nil
}

// Wait waits for a row group that is being written. Rows may be added after it. A file that is not completed by Close needs it.
func (w *Writer) Wait() (err error) {
	if w.writing != nil {
		err = <-w.writing
		w.writing = nil
	}
	return err
}

// write writes the rows and removes them.
func (g *rowGroup) write(out *file.Writer) (err error) {
	defer recovered(&err)
	group, err := out.AppendRowGroupChecked()
	if err != nil {
		return err
	}
	for _, c := range g.all() {
		column, err := group.NextColumn()
		if err != nil {
			return err
		}
		if err := c.write(column); err != nil {
			return err
		}
		if err := column.Close(); err != nil {
			return err
		}
	}
	return group.Close()
}

// Close ends the file. It does not close the underlying writer.
func (w *Writer) Close() (err error) {
	defer recovered(&err)
	if w.here > 0 {
		if err := w.flush(); err != nil {
			return err
		}
	}
	if err := w.Wait(); err != nil {
		return err
	}
	return w.out.Close()
}
