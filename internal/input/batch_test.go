// SPDX-License-Identifier: Apache-2.0

package input

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

// A longRow is a row of long values; an empty text is NULL.
type longRow struct{ id, url, referrer string }

// longRows returns rows whose columns have values of other lengths, so that batches of them end in other places. With repeated the values
// are few.
func longRows(rows int, repeated bool) (all []longRow) {
	for i := range rows {
		k := i
		if repeated {
			k %= 3
		}
		row := longRow{id: fmt.Sprint("id", i, strings.Repeat("i", 7_000)), url: fmt.Sprint("u", k, strings.Repeat("u", 23_000+i%3))}
		if i%5 > 0 {
			row.referrer = fmt.Sprint("r", k, strings.Repeat("r", 11_000))
		}
		all = append(all, row)
	}
	return all
}

func longParquet(t *testing.T, rows []longRow, with ...parquet.WriterProperty) string {
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "id", Type: arrow.BinaryTypes.Binary}, {Name: "day", Type: arrow.FixedWidthTypes.Date32},
		{Name: "url", Type: arrow.BinaryTypes.String}, {Name: "referrer", Type: arrow.BinaryTypes.String, Nullable: true},
	}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for _, row := range rows {
		b.Field(0).(*array.BinaryBuilder).Append([]byte(row.id))
		b.Field(1).(*array.Date32Builder).Append(17000)
		b.Field(2).(*array.StringBuilder).Append(row.url)
		if row.referrer == "" {
			b.Field(3).AppendNull()
		} else {
			b.Field(3).(*array.StringBuilder).Append(row.referrer)
		}
	}
	var out bytes.Buffer
	to, err := pqarrow.NewFileWriter(schema, &out, parquet.NewWriterProperties(append([]parquet.WriterProperty{
		parquet.WithDataPageSize(1 << 17), parquet.WithBatchSize(1)}, with...)...), pqarrow.DefaultWriterProps())
	require.NoError(t, err)
	record := b.NewRecordBatch()
	defer record.Release()
	require.NoError(t, to.Write(record))
	require.NoError(t, to.Close())
	path := filepath.Join(t.TempDir(), "long.parquet")
	require.NoError(t, os.WriteFile(path, out.Bytes(), 0o600))
	return path
}

func longCSV(t *testing.T, rows []longRow) string {
	var out bytes.Buffer
	out.WriteString("id,day,url,referrer\n")
	for _, row := range rows {
		fmt.Fprintf(&out, "%s,2016-07-18,%s,%s\n", row.id, row.url, row.referrer)
	}
	path := filepath.Join(t.TempDir(), "long.csv")
	require.NoError(t, os.WriteFile(path, out.Bytes(), 0o600))
	return path
}

// A batch of 8,192 rows with values of 250 kB would take 2 GB, whatever --memory is.
func TestBatch_OfLongValuesTakesLittleMemory(t *testing.T) {
	const rows = 1500
	plain := parquet.WithDictionaryDefault(false)
	for name, c := range map[string]struct {
		path         func(*testing.T, []longRow) string
		repeated     bool
		kind         Kind
		combinations int
	}{
		"plain":                         {func(t *testing.T, r []longRow) string { return longParquet(t, r, plain) }, false, ID, 0},
		"plain, with combinations":      {func(t *testing.T, r []longRow) string { return longParquet(t, r, plain) }, false, ID, 1 << 18},
		"plain, sketches":               {func(t *testing.T, r []longRow) string { return longParquet(t, r, plain) }, false, Sketch, 0},
		"few values":                    {func(t *testing.T, r []longRow) string { return longParquet(t, r) }, true, ID, 0},
		"few values, with combinations": {func(t *testing.T, r []longRow) string { return longParquet(t, r) }, true, ID, 1 << 18},
		"few values, spelled out":       {func(t *testing.T, r []longRow) string { return longParquet(t, r) }, true, ID, 1},
		"few values, sketches":          {func(t *testing.T, r []longRow) string { return longParquet(t, r) }, true, Sketch, 0},
		"CSV":                           {longCSV, false, ID, 0},
	} {
		t.Run(name, func(t *testing.T) {
			want := longRows(rows, c.repeated)
			f, err := Open(c.path(t, want), Options{Memory: 1 << 24, Threads: 1})
			require.NoError(t, err)
			defer func() { require.NoError(t, f.Close()) }()
			keys := []sortkey.Column{{Name: "day", Type: sortkey.Date}, {Name: "referrer", Type: sortkey.Varchar}, {Name: "url", Type: sortkey.Varchar}}
			parts, err := f.Parts(Selection{Keys: keys, Date: "day", Value: "id", Kind: c.kind, Combinations: c.combinations})
			require.NoError(t, err)
			var got []readRow
			for _, open := range parts {
				cursor, err := open()
				require.NoError(t, err)
				var b Batch
				for {
					if err := cursor.Next(&b); err != nil {
						require.ErrorIs(t, err, io.EOF)
						break
					}
					got = append(got, rowsOf(&b)...)
					requireSmall(t, cursor, &b)
				}
				require.NoError(t, cursor.Close())
			}
			require.Len(t, got, rows)
			for i, row := range want {
				key := sortkey.AppendInt32(nil, 17000)
				if row.referrer == "" {
					key = sortkey.AppendNull(key)
				} else {
					key = sortkey.AppendString(key, []byte(row.referrer))
				}
				require.True(t, got[i].key == string(sortkey.AppendString(key, []byte(row.url))), "key of row %d", i)
				require.True(t, got[i].value == row.id, "value of row %d", i)
				require.Equal(t, int64(i+1), got[i].number)
			}
		})
	}
}

// requireSmall requires that what was copied for a batch is within its size, but for what the growth of a slice adds.
func requireSmall(t *testing.T, cursor Cursor, b *Batch) {
	t.Helper()
	const most = 2 * batchBytes
	require.Less(t, cap(b.keys), most)
	switch c := cursor.(type) {
	case *textCursor:
		require.Less(t, cap(c.ids), most)
	case *codedCursor:
		if c.plain != nil {
			requireSmall(t, c.plain, b)
		}
	case *parquetCursor:
		for _, column := range c.columns {
			require.Less(t, cap(column.kept), most)
		}
	}
}

// A page that --memory does not allow is an error that names the flag.
func TestParquet_TooLargePageNamesTheFlag(t *testing.T) {
	path := longParquet(t, longRows(200, false), parquet.WithDataPageSize(1<<22), parquet.WithDictionaryDefault(false))
	for _, combinations := range []int{0, 1 << 18} {
		f, err := Open(path, Options{Memory: 1 << 20})
		require.NoError(t, err)
		parts, err := f.Parts(Selection{Keys: []sortkey.Column{{Name: "day", Type: sortkey.Date}, {Name: "url", Type: sortkey.Varchar}},
			Date: "day", Value: "id", Kind: ID, Combinations: combinations})
		require.NoError(t, err)
		cursor, err := parts[0]()
		require.NoError(t, err)
		var b Batch
		err = cursor.Next(&b)
		require.ErrorContains(t, err, path+", row 1: column ")
		require.ErrorContains(t, err, "--memory")
		require.NoError(t, errors.Join(cursor.Close(), f.Close()))
	}
}
