// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/stretchr/testify/require"
)

// python is that of the environment which the Makefile makes: with DuckDB and PyArrow.
const python = "../../build/venv/bin/python"

func runPython(t *testing.T, args ...string) string {
	t.Helper()
	require.FileExists(t, python, "make build/venv/installed makes it")
	out, err := exec.Command(python, args...).CombinedOutput()
	require.NoError(t, err, string(out))
	return string(out)
}

func TestBuild_PyArrowAndDuckDBReadTheOutput(t *testing.T) {
	out := filepath.Join(t.TempDir(), "client_count.parquet")
	run(t, "build", "--row-group-size", "1MB", "-o", out, activity)
	runPython(t, "testdata/readers.py", out, counts)
}

// Numbers that are far apart, from the least to the largest of 32 bits.
const copyFarApart = `import duckdb, sys
duckdb.execute(f"""COPY (SELECT (CASE WHEN i % 2 = 0 THEN 2147483647 - i ELSE i - 2147483648 END)::{sys.argv[2]} AS client_id,
DATE '2016-09-05' AS activitydate FROM range(16) AS r (i)) TO '{sys.argv[1]}' (FORMAT parquet, PARQUET_VERSION {sys.argv[3]}, DICTIONARY_SIZE_LIMIT 1)""")`

func TestBuild_SaysWhatToDoAboutDuckDBsDifferencesOfIntegers(t *testing.T) {
	folder := t.TempDir()
	in, out := filepath.Join(folder, "in.parquet"), filepath.Join(folder, "out.parquet")
	runPython(t, "-c", copyFarApart, in, "INTEGER", "v2")
	_, err := try(t, "build", "-o", out, in)
	require.ErrorContains(t, err, "column client_id: ")
	require.ErrorContains(t, err, "cast the column to BIGINT, or write version v1")
	for _, other := range [][]string{{"BIGINT", "v2"}, {"INTEGER", "v1"}} {
		runPython(t, append([]string{"-c", copyFarApart, in}, other...)...)
		run(t, "build", "-o", out, in)
		require.Equal(t, "cardinality\n16\n", run(t, "engagement", "--total", "-f", "csv", out))
	}
}

// sizes are those of the column of sketches, uncompressed, and of the whole file.
func sizes(t *testing.T, path string) (sketches, whole int64) {
	t.Helper()
	r, err := file.OpenParquetFile(path, false)
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	at := r.MetaData().Schema.ColumnIndexByName("hll")
	for g := range r.NumRowGroups() {
		chunk, err := r.MetaData().RowGroup(g).ColumnChunk(at)
		require.NoError(t, err)
		sketches += chunk.TotalUncompressedSize()
	}
	return sketches, int64(len(read(t, path)))
}

func TestBuild_SparseSketchesAreSmaller(t *testing.T) {
	out := filepath.Join(t.TempDir(), "client_count.parquet")
	run(t, "build", "-o", out, activity)
	gotSketches, gotWhole := sizes(t, out)
	denseSketches, denseWhole := sizes(t, counts)
	require.LessOrEqual(t, 8*gotSketches, denseSketches)
	require.LessOrEqual(t, float64(gotWhole), 0.85*float64(denseWhole))
}

// The short form of make bench-build: the same groups as DuckDB finds, within the memory.
func TestBuild_BenchmarkRuns(t *testing.T) {
	said := runPython(t, "../../bench/activity/bench.py", binary(t), "--rows", "300000", "--folder", t.TempDir())
	require.Contains(t, said, "headcount build, 1000 MB")
	require.Contains(t, said, "DuckDB count(DISTINCT), 1000 MB")
	require.Contains(t, said, "sketches uncompressed: ")
}
