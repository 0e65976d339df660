// SPDX-License-Identifier: Apache-2.0

package view

import (
	"fmt"
	"io"
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"github.com/headcount-hll/headcount/internal/nested"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

// searchType is that of an entry of a column of searches.
var searchType = arrow.StructOf(
	arrow.Field{Name: "engine", Type: arrow.BinaryTypes.String, Nullable: true},
	arrow.Field{Name: "source", Type: arrow.BinaryTypes.String, Nullable: true},
	arrow.Field{Name: "count", Type: arrow.PrimitiveTypes.Int64, Nullable: true},
)

// arrowType returns the type that a column has in a file, or nil.
func arrowType(t Type) arrow.DataType {
	switch t {
	case Boolean:
		return arrow.FixedWidthTypes.Boolean
	case Integer:
		return arrow.PrimitiveTypes.Int32
	case Bigint:
		return arrow.PrimitiveTypes.Int64
	case Double:
		return arrow.PrimitiveTypes.Float64
	case Date:
		return arrow.FixedWidthTypes.Date32
	case Searches:
		return listOf(searchType)
	case Varchar:
		return arrow.BinaryTypes.String
	}
	return nil
}

// schema returns the columns as they are in a file.
func (d *Definition) schema() *arrow.Schema {
	var fields []arrow.Field
	said := map[string]string{}
	for _, c := range d.Columns {
		fields = append(fields, arrow.Field{Name: c.Name, Type: c.field, Nullable: true})
		if c.Histogram != nil {
			said[HistogramKey(c.Name)] = c.Describe()
		}
	}
	metadata := arrow.MetadataFrom(said)
	return arrow.NewSchema(fields, &metadata)
}

// keys returns the columns as they are in a row's bytes, behind its day.
func (d *Definition) keys() (keys []sortkey.Column) {
	for _, c := range d.Columns {
		keys = append(keys, c.key)
	}
	return keys
}

// Row groups end at either: what a reader has to hold, and few enough rows for a group's bounds to tell groups apart.
const (
	rowGroupRows  = 1 << 17
	rowGroupBytes = 24 << 20 // of rows as they are sorted
)

// A table writes rows to one Parquet file.
type table struct {
	view    *Definition
	keys    []sortkey.Column
	builder *array.RecordBuilder
	out     *pqarrow.FileWriter
	values  []sortkey.Value
	rows    int
	bytes   int
}

// ParquetOptions are how all files are written: as Trino and Spark read them, dictionaries and zstd.
func ParquetOptions(createdBy string) (*parquet.WriterProperties, pqarrow.ArrowWriterProperties) {
	return parquet.NewWriterProperties(parquet.WithVersion(parquet.V2_LATEST), parquet.WithCreatedBy(createdBy),
			parquet.WithCompression(compress.Codecs.Zstd), parquet.WithCompressionLevel(3), parquet.WithMaxRowGroupLength(math.MaxInt32)),
		pqarrow.NewArrowWriterProperties()
}

func newTable(out io.Writer, d *Definition, createdBy string) (*table, error) {
	properties, arrowProperties := ParquetOptions(createdBy)
	// It would close what it writes to, which is not its own.
	w, err := pqarrow.NewFileWriter(d.schema(), struct{ io.Writer }{out}, properties, arrowProperties)
	if err != nil {
		return nil, err
	}
	return &table{view: d, keys: d.keys(), builder: array.NewRecordBuilder(memory.DefaultAllocator, d.schema()), out: w}, nil
}

// add appends a row's columns.
func (t *table) add(row []byte) (err error) {
	if t.values, err = sortkey.Decode(t.values[:0], row, t.keys); err != nil {
		return err
	}
	for i, v := range t.values {
		if err := Append(t.builder.Field(i), v); err != nil {
			return err
		}
	}
	t.rows++
	t.bytes += len(row)
	if t.rows == rowGroupRows || t.bytes > rowGroupBytes {
		return t.flush()
	}
	return nil
}

// Append appends a value to the builder of its column's type in a file (Column.Field). A value whose column is nested is text as
// package nested encodes it; an error says that it is not.
func Append(to array.Builder, v sortkey.Value) error {
	if v.Null {
		to.AppendNull()
		return nil
	}
	switch to := to.(type) {
	case *array.BooleanBuilder:
		to.Append(v.Int != 0)
	case *array.Int32Builder:
		to.Append(int32(v.Int))
	case *array.Int64Builder:
		to.Append(v.Int)
	case *array.Date32Builder:
		to.Append(arrow.Date32(v.Int))
	case *array.StringBuilder:
		to.BinaryBuilder.Append(v.Text)
	default:
		rest, err := nested.Build(to, v.Text)
		if err == nil && len(rest) > 0 {
			err = fmt.Errorf("view: %d bytes behind a nested value", len(rest))
		}
		return err
	}
	return nil
}

// flush writes the rows so far as a row group.
func (t *table) flush() error {
	if t.rows == 0 {
		return nil
	}
	batch := t.builder.NewRecordBatch()
	defer batch.Release()
	t.rows, t.bytes = 0, 0
	return t.out.Write(batch)
}

// close ends the file. It does not close what is written to.
func (t *table) close() error {
	if err := t.flush(); err != nil {
		return err
	}
	t.builder.Release()
	return t.out.Close()
}
