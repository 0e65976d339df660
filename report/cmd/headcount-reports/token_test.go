// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestServe_ReadsTheTokenOrSaysWhatIsWrongWithItsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(path, []byte("0123456789abcdef\n"), 0o600))
	got, err := tokenOf(path)
	require.NoError(t, err)
	require.Equal(t, "0123456789abcdef", got)
	for text, want := range map[string]string{
		"\n": "is empty: write the secret into it", "short\n": "16 characters or more", "0123456789abcdef \n": "without white space",
	} {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		_, err := tokenOf(path)
		require.ErrorContains(t, err, "--token-file: "+path, "%q", text)
		require.ErrorContains(t, err, want, "%q", text)
	}
}
