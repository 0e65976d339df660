// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// tree writes files into a new folder and returns its path.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	return root
}

func TestFolders_GiveTheirFilesColumns(t *testing.T) {
	root := tree(t, map[string]string{
		"activitydate=2016-09-05/os=Linux/0.csv":                      "client_id\nx\ny\n",
		"activitydate=2016-09-05/os=__HIVE_DEFAULT_PARTITION__/0.csv": "client_id\nz\n",
		"activitydate=2016-09-06/os=a%2Fb/0.csv":                      "client_id\nx\n",
		"activitydate=2016-09-06/os=a%2Fb/.0.csv.crc":                 "no data",
		"activitydate=2016-09-06/os=a%2Fb/_started/1":                 "no data",
		"_SUCCESS": "",
	})
	out := filepath.Join(t.TempDir(), "counts.parquet")
	run(t, "build", "-o", out, root)
	require.Equal(t, [][]byte{[]byte("Linux"), nil, []byte("a/b")}, column(t, out, "os"))
	require.Equal(t, "os,cardinality\nLinux,2\na/b,1\n,1\n", run(t, "engagement", "--total", "--by", "os", "-f", "csv", out))

	held := run(t, "inspect", filepath.Dir(out))
	require.Contains(t, held, "2016-09-05 to 2016-09-06, 2 of them")
}

func TestFolders_Errors(t *testing.T) {
	for _, c := range []struct {
		name, says string
		files      map[string]string
	}{
		{"empty", ": the folder has no Parquet, CSV or JSON lines files", map[string]string{"_SUCCESS": ""}},
		{"an Iceberg table", ": an Iceberg table: its files may hold deleted rows", map[string]string{"metadata/00000-a.metadata.json": "{}", "data/a.parquet": ""}},
		{"a Delta table", ": a Delta table: its files may hold deleted rows", map[string]string{"_delta_log/0.json": "{}", "a.parquet": ""}},
		{"an impossible day", `0.csv, line 2 (row 1): activitydate: "soon" is not a date`, map[string]string{"activitydate=soon/0.csv": "client_id\nx\n"}},
		{"a day that is NULL", "0.csv, line 2 (row 1): activitydate is NULL", map[string]string{"activitydate=__HIVE_DEFAULT_PARTITION__/0.csv": "client_id\nx\n"}},
		{"a column twice", "column os is in the file and in the name of its folder", map[string]string{"os=Linux/0.csv": csvHeader}},
	} {
		t.Run(c.name, func(t *testing.T) { requireRefused(t, c.says, "build", tree(t, c.files)) })
	}
}
