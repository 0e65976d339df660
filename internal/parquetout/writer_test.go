// SPDX-License-Identifier: Apache-2.0

package parquetout

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/parquetin/parquettest"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

// Rows are held until their row group is complete: long keys complete it too, not only sketches.
func TestWriter_LongKeysEndARowGroup(t *testing.T) {
	const length, rows = 1 << 18, 100
	var out bytes.Buffer
	w, err := NewWriter(&out, []sortkey.Column{{Name: "url", Type: sortkey.Varchar}},
		Options{Sketches: []string{"hll"}, Level: 1, RowGroupBytes: 8_000_000, CreatedBy: "test"})
	require.NoError(t, err)
	for i := range rows {
		url := bytes.Repeat([]byte{byte('!' + i)}, length)
		require.NoError(t, w.Add(sortkey.AppendString(nil, url), [][]byte{{3, 12}}, nil))
		require.LessOrEqual(t, w.here*length, mostKeyed)
	}
	require.NoError(t, w.Close())
	r, err := file.NewParquetReader(bytes.NewReader(out.Bytes()))
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	require.Equal(t, int64(rows), r.NumRows())
	require.Equal(t, 4, r.NumRowGroups()) // 31 rows of 1/32 and some bytes each
}

// The empty text is a column's least one wherever it stands, so that readers do not skip the row groups that have it.
func TestWriter_BoundsHaveTheEmptyText(t *testing.T) {
	pages := []string{"", "Linux"}
	for i := range 5000 {
		pages = append(pages, fmt.Sprintf("%s%04d", strings.Repeat("z", 300), i))
	}
	for name, texts := range map[string][]string{
		"first": {"", "Darwin", "Linux"}, "alone": {""}, "several": {"", "", "Linux"}, "none": {"Darwin", "Linux"}, "pages": pages,
	} {
		var out bytes.Buffer
		w, err := NewWriter(&out, []sortkey.Column{{Name: "os", Type: sortkey.Varchar}},
			Options{Sketches: []string{"hll"}, Level: 1, RowGroupBytes: 8_000_000, CreatedBy: "test"})
		require.NoError(t, err)
		for _, text := range texts {
			require.NoError(t, w.Add(sortkey.AppendString(nil, []byte(text)), [][]byte{{3, 12}}, nil))
		}
		require.NoError(t, w.Close())
		r, err := file.NewParquetReader(bytes.NewReader(out.Bytes()))
		require.NoError(t, err)
		require.Equal(t, [2]string{texts[0], texts[len(texts)-1]}, parquettest.Bounds(t, r, "os"), name)
		require.NoError(t, r.Close())
	}
}
