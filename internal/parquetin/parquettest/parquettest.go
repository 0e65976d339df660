// SPDX-License-Identifier: Apache-2.0

// Package parquettest is for tests: it writes Parquet files, some of which cannot be read, and tells what a file says of its columns.
package parquettest

import (
	"bytes"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// Written returns a file of one row, whose columns are text.
func Written(t testing.TB, columns []string, properties ...parquet.WriterProperty) []byte {
	t.Helper()
	var fields []arrow.Field
	for _, name := range columns {
		fields = append(fields, arrow.Field{Name: name, Type: arrow.BinaryTypes.String})
	}
	schema := arrow.NewSchema(fields, nil)
	rows := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	for i := range columns {
		rows.Field(i).(*array.StringBuilder).Append("a")
	}
	var out bytes.Buffer
	w, err := pqarrow.NewFileWriter(schema, &out, parquet.NewWriterProperties(properties...), pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(rows.NewRecordBatch()); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Encrypted makes a file one with an encrypted column and, unless the options say otherwise, an encrypted footer.
func Encrypted(column string, options ...parquet.EncryptOption) parquet.WriterProperty {
	const key = "0123456789012345"
	columns := parquet.ColumnPathToEncryptionPropsMap{column: parquet.NewColumnEncryptionProperties(column, parquet.WithKey(key))}
	return parquet.WithEncryptionProperties(parquet.NewFileEncryptionProperties(key, append(options, parquet.WithEncryptedColumns(columns))...))
}

// Bounds returns the least and the greatest value of a column of the first row group, as the file says.
func Bounds(t testing.TB, in *file.Reader, column string) [2]string {
	t.Helper()
	chunk, err := in.MetaData().RowGroup(0).ColumnChunk(in.MetaData().Schema.ColumnIndexByName(column))
	if err != nil {
		t.Fatal(err)
	}
	bounds, err := chunk.Statistics()
	if err != nil {
		t.Fatal(err)
	}
	if !bounds.HasMinMax() {
		t.Fatalf("column %s has no bounds", column)
	}
	return [2]string{string(bounds.EncodeMin()), string(bounds.EncodeMax())}
}
