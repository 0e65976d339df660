// SPDX-License-Identifier: Apache-2.0

package input

import (
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/parquetout"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

var columns = []sortkey.Column{{Name: "day", Type: sortkey.Date}, {Name: "os", Type: sortkey.Varchar}, {Name: "on", Type: sortkey.Boolean}, {Name: "n", Type: sortkey.Bigint}}

// small returns a Parquet file of several row groups.
func small(t testing.TB) []byte {
	path := filepath.Join(t.TempDir(), "small.parquet")
	f, err := os.Create(path)
	require.NoError(t, err)
	w, err := parquetout.NewWriter(f, columns, parquetout.Options{Sketches: []string{"hll"}, Level: 3, RowGroupBytes: 1000, CreatedBy: "test"})
	require.NoError(t, err)
	for i := range int32(300) {
		key := sortkey.AppendString(sortkey.AppendInt32(nil, i/10), []byte{'a' + byte(i%26)})
		if i%7 == 0 {
			key = sortkey.AppendNull(sortkey.AppendNull(key))
		} else {
			key = sortkey.AppendInt64(sortkey.AppendBool(key, i%2 == 0), int64(i))
		}
		require.NoError(t, w.Add(key, [][]byte{{3, 12, byte(i), 0, 1}}, nil))
	}
	require.NoError(t, w.Close())
	require.NoError(t, f.Close())
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
}

// readAll reads a file's rows as merge does, and returns their number.
func readAll(path string) (rows int, err error) {
	f, err := Open(path, Options{Memory: 1 << 24})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, _ = f.Columns(), f.Rows()
	parts, err := f.Parts(Selection{Keys: columns, Date: "day", Value: "hll", Kind: Sketch})
	if err != nil {
		return 0, err
	}
	for _, open := range parts {
		cursor, err := open()
		if err != nil {
			return rows, err
		}
		for err == nil {
			var b Batch
			if err = cursor.Next(&b); err == nil {
				rows += len(b.Keys)
			}
		}
		if !errors.Is(err, io.EOF) {
			return rows, err
		}
	}
	return rows, nil
}

func TestParquet_ReadsAllRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "whole.parquet")
	require.NoError(t, os.WriteFile(path, small(t), 0o600))
	rows, err := readAll(path)
	require.NoError(t, err)
	require.Equal(t, 300, rows)
}

// A file with wrong bytes is read, or gives an error that names the file. It never panics.
func TestParquet_DamagedBytesAreReadOrAnError(t *testing.T) {
	whole := small(t)
	random := rand.New(rand.NewPCG(3, 4))
	path := filepath.Join(t.TempDir(), "damaged.parquet")
	failed := 0
	for range 1500 {
		damaged := append([]byte{}, whole...)
		for range 1 + random.IntN(4) {
			damaged[random.IntN(len(damaged))] = byte(random.Uint32())
		}
		require.NoError(t, os.WriteFile(path, damaged, 0o600))
		if _, err := readAll(path); err != nil {
			require.Contains(t, err.Error(), path)
			failed++
		}
	}
	require.Greater(t, failed, 150)
}

func TestBounded_RejectsAPageLargerThanMemory(t *testing.T) {
	require.PanicsWithValue(t, "a page of 11 bytes; --memory allows 10", func() { newBounded(10).Allocate(11) })
}

// Any bytes.
func FuzzParquet(f *testing.F) {
	f.Add(small(f))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "any.parquet")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		_, _ = readAll(path)
	})
}
