// SPDX-License-Identifier: Apache-2.0

package secret_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/report/secret"
)

func TestRead_RemovesOneLineEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	for text, want := range map[string]string{
		"a": "a", "a\n": "a", "a\r\n": "a", " a b \n": " a b ", "a\n\n": "a\n",
	} {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		got, err := secret.Read("password_file", path)
		require.NoError(t, err)
		require.Equal(t, want, got, "%q", text)
	}
}

func TestRead_SaysWhatIsWrongWithTheFile(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "secret")
	for text, want := range map[string]string{
		"": "is empty", "\n": "is empty", " \r\n": "is empty", strings.Repeat("private", 10_000): "is larger than 65536 bytes",
	} {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		_, err := secret.Read("password_file", path)
		require.ErrorContains(t, err, "password_file: "+path+" "+want, "%.10q", text)
		require.NotContains(t, err.Error(), "private")
	}
	_, err := secret.Read("--token-file", filepath.Join(folder, "none"))
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "--token-file: ")
	_, err = secret.Read("--token-file", folder)
	require.ErrorContains(t, err, "--token-file: ")
}
