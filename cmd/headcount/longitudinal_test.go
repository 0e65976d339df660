// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/stretchr/testify/require"
)

// measureTables makes a view with columns of all types from generated pings, and its longitudinal table in a folder, which an update made.
func measureTables(t *testing.T) (view, longitudinal string) {
	t.Helper()
	folder := t.TempDir()
	pings, view, longitudinal := filepath.Join(folder, "pings.jsonl"), filepath.Join(folder, "view"), filepath.Join(folder, "longitudinal")+"/"
	run(t, "generate", "pings", "--clients", "60", "--days", "12", "--size", "20kB", "-o", pings)
	run(t, "view", "testdata/measures.yaml", "-o", view, pings)
	days, err := filepath.Glob(filepath.Join(view, "*=*"))
	require.NoError(t, err)
	last := len(days) - 1
	run(t, append([]string{"longitudinal", "-o", longitudinal}, days[:last]...)...)
	run(t, "longitudinal", "--update", longitudinal, "-o", longitudinal, days[last])
	return view, longitudinal
}

// rows returns the number of rows of a folder's Parquet files.
func rows(t *testing.T, folder string) (n int64) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.parquet"))
	require.NoError(t, err)
	for _, path := range files {
		in, err := file.OpenParquetFile(path, false)
		require.NoError(t, err)
		n += in.NumRows()
		require.NoError(t, in.Close())
	}
	return n
}

func TestLongitudinal_FoldersAndFiles(t *testing.T) {
	view, table := measureTables(t)
	n := rows(t, table)
	require.Greater(t, n, int64(30))
	days, err := os.ReadDir(view)
	require.NoError(t, err)
	require.Greater(t, len(days), 2)

	part := filepath.Join(t.TempDir(), "part") + "/"
	args := []string{"longitudinal", "-o", part}
	for _, day := range days[:len(days)-1] {
		args = append(args, filepath.Join(view, day.Name()))
	}
	run(t, args...)
	last := filepath.Join(view, days[len(days)-1].Name())
	run(t, "longitudinal", "--update", part, "-o", part, last)
	require.Equal(t, n, rows(t, part))

	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(part, link))
	run(t, "longitudinal", "-o", link, last)
	require.Less(t, rows(t, part), n, "the folder that the link points to is replaced")
	info, err := os.Lstat(link)
	require.NoError(t, err)
	require.Equal(t, os.ModeSymlink, info.Mode().Type())
	run(t, args...)
	run(t, "longitudinal", "--update", link+"/", "-o", link+"/", last)
	require.Equal(t, n, rows(t, part))

	one := filepath.Join(t.TempDir(), "one.parquet")
	run(t, "longitudinal", "-o", one, view)
	require.Equal(t, n, rows(t, filepath.Dir(one)))
	_, err = try(t, "longitudinal", "--update", one, "-o", part, last)
	require.ErrorContains(t, err, "both must be files, or both folders")
	_, err = try(t, "longitudinal", "-o", view, view)
	require.ErrorContains(t, err, "is not of a longitudinal table")
}
