// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A file written by headcount build is a table of Trino without conversion.
func TestHeadcountBuild_WritesATableOfTrino(t *testing.T) {
	const table = "hive.default.client_count_built"
	file := filepath.Join(t.TempDir(), "client_count.parquet")
	_, err := command(nil, "go", "run", "./cmd/headcount", "build", "-o", file, "e2e/testdata/client_activity.parquet")
	require.NoError(t, err)
	_, err = serverScript("put", "--mode", server.mode, "--port", server.port, file, "built/client_count/client_count.parquet")
	require.NoError(t, err)
	rows(t, "CREATE TABLE "+table+" (LIKE hive.default.client_count) "+
		"WITH (format = 'PARQUET', external_location = 'local:///built/client_count')")
	t.Cleanup(func() { rows(t, "DROP TABLE "+table) })

	built, original := sketchColumn(t, table), sketchColumn(t, "hive.default.client_count")
	require.Len(t, original, len(built))
	for key, sketch := range built {
		require.True(t, sketch.SameRegisters(original[key]), "%s: registers differ from client_count", key)
	}
}
