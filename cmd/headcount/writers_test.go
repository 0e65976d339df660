// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"hash/crc32"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A written file is a file of a real writer, and what build makes of it.
type writtenFile struct {
	File   string
	Args   []string
	IDs    string // which reference has the same ids
	Error  string // after the file's path
	WayOut string `json:"way_out"`
	Note   string // on standard error
}

// writeFiles runs a script of testdata/writers and returns the list of its files.
func writeFiles(t *testing.T, folder, script, list string) (files []writtenFile) {
	t.Helper()
	runPython(t, filepath.Join("testdata", "writers", script), folder)
	require.NoError(t, json.Unmarshal([]byte(read(t, filepath.Join(folder, list))), &files))
	require.NotEmpty(t, files)
	return files
}

// Every file gives the registers of the same rows in CSV, or an error that names the file, the column and a way out.
func TestBuild_FilesOfRealWriters(t *testing.T) {
	folder := t.TempDir()
	files := writeFiles(t, folder, "pyarrow_files.py", "pyarrow.json")
	files = append(files, writeFiles(t, folder, "other_files.py", "others.json")...)
	want := map[string]string{}
	for _, ids := range []string{"uuid", "int"} {
		want[ids] = filepath.Join(folder, ids+"-counts.parquet")
		run(t, "build", "-o", want[ids], filepath.Join(folder, ids+".csv"))
	}
	for _, f := range files {
		t.Run(filepath.Base(f.File), func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out.parquet")
			args := append([]string{"build", "-o", out}, f.Args...)
			said, err := tryNotes(t, append(args, f.File)...)
			if f.Error != "" {
				require.ErrorContains(t, err, f.File+f.Error)
				require.ErrorContains(t, err, f.WayOut)
				require.NoFileExists(t, out)
				return
			}
			require.NoError(t, err)
			require.Contains(t, said, f.Note)
			require.Equal(t, sketches(t, want[f.IDs]), sketches(t, out))
		})
	}
}

// tryNotes runs a command line and returns what it wrote to standard error.
func tryNotes(t *testing.T, args ...string) (string, error) {
	t.Helper()
	said, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	require.NoError(t, err)
	defer func() { require.NoError(t, said.Close()) }()
	_, runErr := tryTo(t, said, args...)
	return read(t, said.Name()), runErr
}

// sketches returns the checksums of a file's sketches by os, in the order of the days.
func sketches(t *testing.T, path string) map[string][]uint32 {
	t.Helper()
	all := map[string][]uint32{}
	oses, values := column(t, path, "os"), column(t, path, "hll")
	require.Equal(t, 15, len(values), "5 days and 3 values of os")
	for i, v := range values {
		os := "NULL"
		if oses[i] != nil {
			os = string(oses[i])
		}
		all[os] = append(all[os], crc32.ChecksumIEEE(v))
	}
	return all
}
