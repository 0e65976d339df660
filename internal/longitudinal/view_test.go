// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/parquetin/parquettest"
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
			content := parquettest.Written(t, []string{"client_id", "os"}, parquettest.Encrypted("os", tried.options...))
			require.NoError(t, os.WriteFile(path, content, 0o600))
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

func TestOpenView_FollowsALinkToAFolder(t *testing.T) {
	folder, link := t.TempDir(), filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.WriteFile(filepath.Join(folder, "a.parquet"), parquettest.Written(t, []string{"client_id", "os"}), 0o600))
	require.NoError(t, os.Symlink(folder, link))
	v, err := OpenView([]string{link})
	require.NoError(t, err)
	require.Len(t, v.paths, 1)
}
