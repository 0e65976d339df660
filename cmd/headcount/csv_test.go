// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// csvDimensions are the dimensions of the fixture's activity with their types, which CSV does not have.
const csvDimensions = "normalizedchannel,country,version,os,e10senabled:boolean,e10scohort"

// activityCSV has DuckDB write the fixture's activity as CSV, compressed if the name says so.
func activityCSV(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	runPython(t, "-c", "import duckdb, sys; duckdb.sql(f\"COPY (FROM '{sys.argv[1]}') TO '{sys.argv[2]}'\")", activity, path)
	return path
}

func TestBuild_CSVGivesTheSketchesOfTheOriginal(t *testing.T) {
	headcount := binary(t)
	for _, c := range []struct{ name, file, from string }{
		{"a file", "activity.csv", "file"},
		{"a gzip file", "activity.csv.gz", "file"},
		{"a zstd file", "activity.csv.zst", "file"},
		{"the standard input", "activity.csv", "stdin"},
		{"compressed standard input", "activity.csv.gz", "stdin"},
		{"a named pipe", "activity.csv", "pipe"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, out := activityCSV(t, c.file), filepath.Join(t.TempDir(), "client_count.parquet")
			command := exec.Command(headcount, "build", "--dimensions", csvDimensions, "-o", out)
			switch c.from {
			case "file":
				command.Args = append(command.Args, in)
			case "stdin":
				f, err := os.Open(in)
				require.NoError(t, err)
				defer func() { require.NoError(t, f.Close()) }()
				command.Args, command.Stdin = append(command.Args, "-"), f
			case "pipe":
				pipe := filepath.Join(t.TempDir(), "pipe")
				require.NoError(t, syscall.Mkfifo(pipe, 0o600))
				command.Args = append(command.Args, pipe)
				writer := exec.Command("cp", in, pipe)
				require.NoError(t, writer.Start())
				defer func() { require.NoError(t, writer.Wait()) }()
			}
			said, err := command.CombinedOutput()
			require.NoError(t, err, string(said))
			requireSameColumns(t, counts, out, "normalizedchannel", "country", "version", "os", "e10scohort")
			requireSameRegisters(t, counts, out)
		})
	}
}

func TestBuild_TruncatedCompressedFileNamesTheRow(t *testing.T) {
	for _, name := range []string{"activity.csv.gz", "activity.csv.zst"} {
		whole := activityCSV(t, name)
		require.NoError(t, os.Truncate(whole, int64(len(read(t, whole))/2)))
		_, err := try(t, "build", "-o", filepath.Join(t.TempDir(), "out"), whole)
		require.ErrorContains(t, err, "reading failed: unexpected EOF")
		require.Regexp(t, `activity\.csv\.(gz|zst), line \d{5,6} \(row \d{5,6}\): `, err.Error())
	}
}

func TestEngagement_ExactCountsOfCSV(t *testing.T) {
	in := activityCSV(t, "activity.csv")
	got := run(t, "engagement", "--format", "csv", "--by", "normalizedchannel", "--exact", in, counts)
	require.Equal(t, read(t, fixture+"expected_engagement.csv"), got)
}
