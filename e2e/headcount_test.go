// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"path/filepath"
	"strings"
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

// The Parquet files that Trino writes, with days as folders and as timestamps, are read as the table has them.
func TestHeadcountBuild_ReadsTheFilesOfTrino(t *testing.T) {
	const week = " FROM hive.default.client_activity WHERE activitydate BETWEEN DATE '2016-10-03' AND DATE '2016-10-07'"
	want := rows(t, "SELECT os, activitydate, cardinality(hll_agg(client_id))"+week+" GROUP BY 1, 2")
	require.NotEmpty(t, want)
	for name, c := range map[string]struct{ columns, options string }{
		"days_as_folders":    {"client_id, os, activitydate", ", partitioned_by = ARRAY['activitydate']"},
		"days_as_timestamps": {"client_id, os, cast(activitydate AS timestamp(3)) AS activitydate", ""},
	} {
		t.Run(name, func(t *testing.T) {
			table := "hive.default.e2e_" + name
			execute(t, "CREATE TABLE "+table+" WITH (format = 'PARQUET', external_location = 'local:///written/"+name+"'"+c.options+
				") AS SELECT "+c.columns+week)
			t.Cleanup(func() { execute(t, "DROP TABLE "+table) })
			folder := t.TempDir()
			_, err := serverScript("get", "--mode", server.mode, "--port", server.port, "written/"+name, folder)
			require.NoError(t, err)
			file := filepath.Join(folder, "client_count.parquet")
			_, err = command(nil, "go", "run", "./cmd/headcount", "build", "-o", file, filepath.Join(folder, name))
			require.NoError(t, err)
			figures, err := command(nil, "go", "run", "./cmd/headcount", "engagement", "--by", "os", "-f", "csv", file)
			require.NoError(t, err)
			var got [][]string // os, day, DAU
			for _, line := range strings.Split(figures, "\n")[1:] {
				got = append(got, strings.Split(line, ",")[:3])
			}
			require.ElementsMatch(t, text(want), got)
		})
	}
}
