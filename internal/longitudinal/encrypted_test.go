// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

// A view with an encrypted column, or of encrypted files, is an error that names the file and what to do.
func TestView_NamesEncryption(t *testing.T) {
	for name, tried := range map[string]struct {
		options []parquet.EncryptOption
		want    string
	}{
		"footer": {nil, ": an encrypted Parquet file: write it without encryption"},
		"column": {[]parquet.EncryptOption{parquet.WithPlaintextFooter()}, ": column os is encrypted: write it without encryption"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "view.parquet")
			out, err := os.Create(path)
			require.NoError(t, err)
			schema := arrow.NewSchema([]arrow.Field{{Name: "client_id", Type: arrow.BinaryTypes.String}, {Name: "os", Type: arrow.BinaryTypes.String}}, nil)
			rows := array.NewRecordBuilder(memory.DefaultAllocator, schema)
			for i := range 2 {
				rows.Field(i).(*array.StringBuilder).Append("a")
			}
			const key = "0123456789012345"
			columns := parquet.ColumnPathToEncryptionPropsMap{"os": parquet.NewColumnEncryptionProperties("os", parquet.WithKey(key))}
			encryption := parquet.NewFileEncryptionProperties(key, append(tried.options, parquet.WithEncryptedColumns(columns))...)
			w, err := pqarrow.NewFileWriter(schema, out, parquet.NewWriterProperties(parquet.WithEncryptionProperties(encryption)), pqarrow.DefaultWriterProps())
			require.NoError(t, err)
			require.NoError(t, w.Write(rows.NewRecordBatch()))
			require.NoError(t, w.Close())
			v, err := OpenView([]string{path})
			if err == nil {
				err = v.Each(t.Context(), 1, func() func([]byte, []sortkey.Value) error {
					return func([]byte, []sortkey.Value) error { return nil }
				})
			}
			require.ErrorContains(t, err, path+tried.want)
		})
	}
}
