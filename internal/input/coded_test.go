// SPDX-License-Identifier: Apache-2.0

package input

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/extensions"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

// A read row is a row as any reader gives it.
type readRow struct {
	key, value string
	number     int64
}

// rowsOf returns the rows of a batch, whatever form they have.
func rowsOf(b *Batch) (rows []readRow) {
	for i := range max(len(b.Keys), len(b.Combinations)) {
		row := readRow{number: b.Row(i)}
		if len(b.Combinations) > 0 {
			row.key = string(b.Coding().AppendKey(nil, b.Combinations[i]))
		} else {
			row.key = string(b.Keys[i])
		}
		if len(b.Values) > 0 {
			row.value = string(b.Values[i])
		} else {
			row.value = string(b.Data[b.Starts[i]:][:b.Lengths[i]])
		}
		rows = append(rows, row)
	}
	return rows
}

// readIDs reads the rows of a file as build does, with at most a number of combinations. It returns how many of them came as
// combinations.
func readIDs(path string, sel Selection, combinations int) (rows []readRow, coded int, err error) {
	f, err := Open(path, Options{Memory: 1 << 24})
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sel.Combinations = combinations
	parts, err := f.Parts(sel)
	if err != nil {
		return nil, 0, err
	}
	var b Batch
	for _, open := range parts {
		cursor, err := open()
		if err != nil {
			return rows, coded, err
		}
		for err == nil {
			if err = cursor.Next(&b); err == nil {
				rows = append(rows, rowsOf(&b)...)
				coded += len(b.Combinations)
			}
		}
		if err := cursor.Close(); err != nil {
			return rows, coded, err
		}
		if !errors.Is(err, io.EOF) {
			return rows, coded, err
		}
	}
	return rows, coded, nil
}

// keysOfActivity are the columns of [activity] but its id.
var keysOfActivity = []sortkey.Column{
	{Name: "day", Type: sortkey.Date}, {Name: "os", Type: sortkey.Varchar}, {Name: "on", Type: sortkey.Boolean},
	{Name: "n", Type: sortkey.Bigint}, {Name: "m", Type: sortkey.Integer}, {Name: "missing", Type: sortkey.Varchar},
}

// A writtenAs says how a file of activity is written.
type writtenAs struct {
	id        arrow.DataType
	instants  bool    // the day is a timestamp
	nulls     float64 // share of NULL
	many      bool    // a column has many values
	bareTexts bool    // texts are bytes
	with      []parquet.WriterProperty
}

func (w writtenAs) bytes(t testing.TB, rows int) []byte {
	day, os := arrow.DataType(arrow.FixedWidthTypes.Date32), arrow.DataType(arrow.BinaryTypes.String)
	if w.instants {
		day = arrow.FixedWidthTypes.Timestamp_us
	}
	if w.bareTexts {
		os = arrow.BinaryTypes.Binary
	}
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "id", Type: w.id}, {Name: "day", Type: day, Nullable: true}, {Name: "os", Type: os, Nullable: true},
		{Name: "on", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
		{Name: "n", Type: arrow.PrimitiveTypes.Int64, Nullable: w.nulls > 0}, {Name: "m", Type: arrow.PrimitiveTypes.Int32, Nullable: true},
	}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	random := rand.New(rand.NewPCG(21, 1))
	for i := range rows {
		w.row(b, random, i)
	}
	var out bytes.Buffer
	to, err := pqarrow.NewFileWriter(schema, &out, parquet.NewWriterProperties(append([]parquet.WriterProperty{
		parquet.WithMaxRowGroupLength(int64(rows*2/5 + 1)), parquet.WithDataPageSize(1 << 12), parquet.WithBatchSize(100)}, w.with...)...),
		pqarrow.DefaultWriterProps())
	require.NoError(t, err)
	record := b.NewRecordBatch()
	defer record.Release()
	require.NoError(t, to.Write(record))
	require.NoError(t, to.Close())
	return out.Bytes()
}

func (w writtenAs) row(b *array.RecordBuilder, random *rand.Rand, i int) {
	id := random.Int64N(1 << 40)
	switch to := b.Field(0).(type) {
	case *array.StringBuilder:
		to.Append(fmt.Sprintf("client-%d", id>>(i%40)))
	case *array.Int64Builder:
		to.Append(id)
	case *extensions.UUIDBuilder:
		to.Append(uuid.NewSHA1(uuid.Nil, []byte(fmt.Sprint(id))))
	}
	switch to := b.Field(1).(type) {
	case *array.Date32Builder:
		to.Append(arrow.Date32(17000 + i/700))
	case *array.TimestampBuilder:
		to.Append(arrow.Timestamp(int64(17000+i/700)*86_400_000_000 + id%86_400_000_000))
	}
	text := fmt.Sprintf("os\x00%d", random.IntN(7)*random.IntN(3))
	if w.many {
		text = fmt.Sprint(id)
	}
	for place, set := range []func(array.Builder){
		func(to array.Builder) {
			if binary, ok := to.(*array.BinaryBuilder); ok {
				binary.Append([]byte(text))
			} else {
				to.(*array.StringBuilder).Append(text)
			}
		},
		func(to array.Builder) { to.(*array.BooleanBuilder).Append(i/50%3 > 0) },
		func(to array.Builder) { to.(*array.Int64Builder).Append(-random.Int64N(9) << 33) },
		func(to array.Builder) { to.(*array.Int32Builder).Append(random.Int32N(5) - 2) },
	} {
		if to := b.Field(2 + place); random.Float64() < w.nulls {
			to.AppendNull()
		} else {
			set(to)
		}
	}
}

func selectActivity(id string) Selection {
	return Selection{Keys: keysOfActivity, Suffix: []byte{7}, Date: "day", Value: id, Kind: ID}
}

// Batches of combinations give the rows that the library's reader of columns gives.
func TestCoded_EqualsPlain(t *testing.T) {
	const none, some, all = 0, -1, 10_000
	v2 := parquet.WithDataPageVersion(parquet.DataPageV2)
	plain := parquet.WithDictionaryDefault(false)
	text := arrow.DataType(arrow.BinaryTypes.String)
	codec := func(c compress.Compression) []parquet.WriterProperty {
		return []parquet.WriterProperty{parquet.WithCompression(c)}
	}
	for name, c := range map[string]struct {
		as    writtenAs
		coded int // rows that come as combinations
	}{
		"dictionaries":             {writtenAs{id: text}, all},
		"dictionaries, NULL":       {writtenAs{id: text, nulls: 0.2}, all},
		"NULL only":                {writtenAs{id: text, nulls: 1}, all},
		"pages of version 2":       {writtenAs{id: text, nulls: 0.1, with: []parquet.WriterProperty{v2}}, all},
		"plain":                    {writtenAs{id: text, nulls: 0.1, with: []parquet.WriterProperty{plain}}, all},
		"plain, version 2":         {writtenAs{id: text, nulls: 0.1, with: []parquet.WriterProperty{plain, v2}}, all},
		"plain ids":                {writtenAs{id: text, with: []parquet.WriterProperty{parquet.WithDictionaryFor("id", false)}}, all},
		"plain after dictionaries": {writtenAs{id: text, nulls: 0.1, with: []parquet.WriterProperty{parquet.WithDictionaryPageSizeLimit(60)}}, all},
		"integers":                 {writtenAs{id: arrow.PrimitiveTypes.Int64, with: []parquet.WriterProperty{plain}}, all},
		"UUIDs":                    {writtenAs{id: extensions.NewUUIDType(), with: []parquet.WriterProperty{parquet.WithDictionaryFor("id", false)}}, all},
		"timestamps":               {writtenAs{id: text, instants: true, nulls: 0.1}, all},
		"bytes that are texts":     {writtenAs{id: text, bareTexts: true, nulls: 0.1}, all},
		"too many values":          {writtenAs{id: text, many: true}, some},
		"deltas": {writtenAs{id: text, with: []parquet.WriterProperty{
			parquet.WithDictionaryFor("n", false), parquet.WithEncodingFor("n", parquet.Encodings.DeltaBinaryPacked)}}, none},
		"deltas of ids": {writtenAs{id: text, with: []parquet.WriterProperty{
			parquet.WithDictionaryFor("id", false), parquet.WithEncodingFor("id", parquet.Encodings.DeltaLengthByteArray)}}, none},
		"snappy": {writtenAs{id: text, nulls: 0.1, with: codec(compress.Codecs.Snappy)}, all},
		"gzip":   {writtenAs{id: text, nulls: 0.1, with: codec(compress.Codecs.Gzip)}, all},
		"brotli": {writtenAs{id: text, nulls: 0.1, with: codec(compress.Codecs.Brotli)}, all},
		"zstd":   {writtenAs{id: text, nulls: 0.1, with: codec(compress.Codecs.Zstd)}, all},
		"lz4":    {writtenAs{id: text, nulls: 0.1, with: codec(compress.Codecs.Lz4Raw)}, all},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "activity.parquet")
			require.NoError(t, os.WriteFile(path, c.as.bytes(t, all), 0o600))
			want, coded, err := readIDs(path, selectActivity("id"), 0)
			require.NoError(t, err)
			require.Len(t, want, all)
			require.Zero(t, coded)
			got, coded, err := readIDs(path, selectActivity("id"), 1<<18)
			require.NoError(t, err)
			require.True(t, slices.Equal(want, got))
			if c.coded == some {
				require.NotZero(t, coded)
				require.Less(t, coded, all)
			} else {
				require.Equal(t, c.coded, coded)
			}
			for _, combinations := range []int{1, 20, 1000, 1 << 14} { // too few, so that some keys are spelled out
				got, _, err = readIDs(path, selectActivity("id"), combinations)
				require.NoError(t, err)
				require.True(t, slices.Equal(want, got))
			}
		})
	}
}

// A file with wrong bytes is read as the library's reader of columns reads it, or gives an error that names the file.
func TestCoded_DamagedBytesAreReadAsPlainOnesOrAnError(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	path := filepath.Join(t.TempDir(), "damaged.parquet")
	failed, read := 0, 0
	for _, as := range []writtenAs{
		{id: arrow.BinaryTypes.String, nulls: 0.2},
		{id: arrow.BinaryTypes.String, nulls: 0.2, with: []parquet.WriterProperty{parquet.WithDictionaryFor("id", false)}},
		{id: arrow.PrimitiveTypes.Int64, instants: true, with: []parquet.WriterProperty{
			parquet.WithDictionaryDefault(false), parquet.WithDataPageVersion(parquet.DataPageV2)}},
	} {
		whole := as.bytes(t, 300)
		for range 600 {
			damaged := slices.Clone(whole)
			for range 1 + random.IntN(4) {
				damaged[random.IntN(len(damaged))] = byte(random.Uint32())
			}
			require.NoError(t, os.WriteFile(path, damaged, 0o600))
			if requireAsPlain(t, path) {
				read++
			} else {
				failed++
			}
		}
	}
	require.Greater(t, failed, 150)
	require.Greater(t, read, 150)
}

// requireAsPlain reads a file by combinations and reports whether it can be read. If it can be read without them, the rows are
// the same.
func requireAsPlain(t *testing.T, path string) bool {
	t.Helper()
	want, _, err := readIDs(path, selectActivity("id"), 0)
	got, _, codedErr := readIDs(path, selectActivity("id"), 1<<14)
	if err == nil {
		require.NoError(t, codedErr)
		require.True(t, slices.Equal(want, got), "other rows")
		return true
	}
	if codedErr != nil {
		require.Equal(t, err.Error(), codedErr.Error())
		require.Contains(t, codedErr.Error(), path)
	}
	return false
}

// Any bytes.
func FuzzCoded(f *testing.F) {
	f.Add(writtenAs{id: arrow.BinaryTypes.String, nulls: 0.2}.bytes(f, 60))
	f.Add(writtenAs{id: arrow.BinaryTypes.String, with: []parquet.WriterProperty{
		parquet.WithDictionaryDefault(false), parquet.WithDataPageVersion(parquet.DataPageV2)}}.bytes(f, 60))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "any.parquet")
		require.NoError(t, os.WriteFile(path, data, 0o600))
		requireAsPlain(t, path)
	})
}
