// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/extensions"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/apache/arrow-go/v18/parquet/schema"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/udf"
)

// idRow matches a row of the table of docs/ids.md: the type, Parquet's type, the value in JSON, and the text.
var idRow = regexp.MustCompile("(?m)^\\| (.+) \\| `.+` \\| `.+` \\| `(.+)` \\| `(.+)` \\| `(.+)` \\|$")

// idTypes are the types of the table as Arrow writes them to Parquet.
var idTypes = map[string]arrow.DataType{
	"STRING":         arrow.BinaryTypes.String,
	"BYTE_ARRAY":     arrow.BinaryTypes.Binary,
	"UUID":           extensions.NewUUIDType(),
	"INT_8":          arrow.PrimitiveTypes.Int8,
	"INT_16":         arrow.PrimitiveTypes.Int16,
	"INT_32":         arrow.PrimitiveTypes.Int32,
	"INT_64":         arrow.PrimitiveTypes.Int64,
	"DECIMAL(5, 0)":  &arrow.Decimal128Type{Precision: 5},
	"DECIMAL(21, 0)": &arrow.Decimal128Type{Precision: 21},
	"DATE":           arrow.FixedWidthTypes.Date32,
}

// The ids of docs/ids.md have the sketch of their text from every kind of file, whatever their type there.
func TestBuild_IDsOfEveryType(t *testing.T) {
	page, err := os.ReadFile("../../docs/ids.md")
	require.NoError(t, err)
	table := idRow.FindAllStringSubmatch(string(page), -1)
	require.Len(t, table, 13)
	for _, row := range table {
		name, parquetType, json, text := row[1], row[2], row[3], row[4]
		t.Run(name, func(t *testing.T) {
			want := [][]byte{create(t, text)}
			require.Equal(t, want, built(t, "a.csv", []byte("day,id\n2016-09-05,"+text+"\n")), "CSV")
			require.Equal(t, want, built(t, "a.jsonl", []byte(`{"day":"2016-09-05","id":`+json+"}\n")), "JSON")
			require.Contains(t, idTypes, parquetType)
			require.Equal(t, want, built(t, "a.parquet", parquetOf(t, idTypes[parquetType], text)), "Parquet")
		})
	}
}

// built returns the sketches that headcount build makes of a file with the columns day and id.
func built(t *testing.T, name string, content []byte) [][]byte {
	t.Helper()
	in, out := filepath.Join(t.TempDir(), name), filepath.Join(t.TempDir(), "out.parquet")
	require.NoError(t, os.WriteFile(in, content, 0o600))
	run(t, "build", "--date", "day", "--id", "id", "-o", out, in)
	return column(t, out, "hll")
}

// parquetOf returns a Parquet file of one row with an id of a type.
func parquetOf(t *testing.T, id arrow.DataType, text string) []byte {
	t.Helper()
	if id == arrow.BinaryTypes.Binary { // what its builder takes
		text = base64.StdEncoding.EncodeToString([]byte(text))
	}
	fields := arrow.NewSchema([]arrow.Field{{Name: "day", Type: arrow.BinaryTypes.String}, {Name: "id", Type: id}}, nil)
	rows := array.NewRecordBuilder(memory.DefaultAllocator, fields)
	defer rows.Release()
	require.NoError(t, rows.Field(0).AppendValueFromString("2016-09-05"))
	require.NoError(t, rows.Field(1).AppendValueFromString(text))
	record := rows.NewRecordBatch()
	defer record.Release()
	var out strings.Builder
	w, err := pqarrow.NewFileWriter(fields, &out, parquet.NewWriterProperties(), pqarrow.DefaultWriterProps())
	require.NoError(t, err)
	require.NoError(t, w.Write(record))
	require.NoError(t, w.Close())
	return []byte(out.String())
}

// Older writers, such as Hive's, store a DECIMAL in as many bytes as each value needs.
func TestBuild_DecimalOfAnyNumberOfBytesIsItsText(t *testing.T) {
	text := schema.MustPrimitive(schema.NewPrimitiveNodeLogical("day", parquet.Repetitions.Required, schema.StringLogicalType{}, parquet.Types.ByteArray, -1, -1))
	id := schema.MustPrimitive(schema.NewPrimitiveNodeLogical("id", parquet.Repetitions.Required, schema.NewDecimalLogicalType(21, 0), parquet.Types.ByteArray, -1, -1))
	root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, schema.FieldList{text, id}, -1)
	require.NoError(t, err)
	for want, value := range map[string][]byte{"300": {1, 0x2c}, "-1": {0xff}, "18446744073709551616": {1, 0, 0, 0, 0, 0, 0, 0, 0}} {
		var out bytes.Buffer
		w := file.NewParquetWriter(&out, root)
		rows, err := w.AppendRowGroupChecked()
		require.NoError(t, err)
		for _, bytes := range [][]byte{[]byte("2016-09-05"), value} {
			column, err := rows.NextColumn()
			require.NoError(t, err)
			_, err = column.(*file.ByteArrayColumnChunkWriter).WriteBatch([]parquet.ByteArray{bytes}, nil, nil)
			require.NoError(t, err)
			require.NoError(t, column.Close())
		}
		require.NoError(t, w.Close())
		require.Equal(t, [][]byte{create(t, want)}, built(t, "a.parquet", out.Bytes()), want)
	}
}

// create returns the sketch of a text by hll_create.
func create(t *testing.T, id string) []byte {
	t.Helper()
	f, _ := udf.Find("hll_create", udf.Varchar)
	sketch, err := f.Eval(1, udf.BytesOf(udf.Varchar, []byte(id)))
	require.NoError(t, err)
	return sketch.Bytes(0)
}
