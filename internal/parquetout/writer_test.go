// SPDX-License-Identifier: Apache-2.0

package parquetout

import (
	"bytes"
	"testing"

	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/stretchr/testify/require"

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
