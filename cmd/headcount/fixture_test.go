// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/cmd/headcount/internal/cli"
	"github.com/headcount-hll/headcount/udf/hll"
)

// The fixture: activity, the client_count that the original library made of it, and the figures of both.
const (
	fixture  = "../../e2e/testdata/"
	activity = fixture + "client_activity.parquet"
	counts   = fixture + "client_count.parquet"
	sparse   = fixture + "client_count_sparse.parquet"
)

// run runs a command line in this process and returns what it wrote to standard output.
func run(t *testing.T, args ...string) string {
	t.Helper()
	out, err := try(t, args...)
	require.NoError(t, err)
	return out
}

func try(t *testing.T, args ...string) (string, error) {
	t.Helper()
	said, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	require.NoError(t, err)
	defer func() { require.NoError(t, said.Close()) }()
	return tryTo(t, said, args...)
}

// tryTo runs a command line with a file for standard error.
func tryTo(t *testing.T, said *os.File, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := cli.Run(t.Context(), "test", args, cli.Streams{Out: &out, Err: said})
	return out.String(), err
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}

// column returns a column of strings or bytes of a whole file; NULL is nil.
func column(t *testing.T, path, name string) (values [][]byte) {
	t.Helper()
	r, err := file.OpenParquetFile(path, false)
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	at := r.MetaData().Schema.ColumnIndexByName(name)
	for g := range r.NumRowGroups() {
		chunk, err := r.RowGroup(g).Column(at)
		require.NoError(t, err)
		rows := r.MetaData().RowGroups[g].NumRows
		levels, got := make([]int16, rows), make([]parquet.ByteArray, rows)
		n, _, err := chunk.(*file.ByteArrayColumnChunkReader).ReadBatch(rows, got, levels, nil)
		require.NoError(t, err)
		require.Equal(t, rows, n)
		next := 0
		for _, level := range levels {
			if level == 0 {
				values = append(values, nil)
				continue
			}
			values = append(values, bytes.Clone(got[next]))
			next++
		}
	}
	return values
}

// requireSameRegisters holds the sketches of two files to each other, row by row.
func requireSameRegisters(t *testing.T, want, got string) {
	t.Helper()
	a, b := column(t, want, "hll"), column(t, got, "hll")
	require.Len(t, b, len(a))
	for i := range a {
		x, err := hll.Decode(a[i])
		require.NoError(t, err)
		y, err := hll.Decode(b[i])
		require.NoError(t, err)
		require.Equal(t, x.Precision(), y.Precision(), "row %d", i+1)
		require.Equal(t, x.Registers(), y.Registers(), "row %d", i+1)
	}
}

// requireSameColumns holds the columns of strings of two files to each other, row by row.
func requireSameColumns(t *testing.T, want, got string, names ...string) {
	t.Helper()
	for _, name := range names {
		require.Equal(t, column(t, want, name), column(t, got, name), name)
	}
}

func TestBuild_GivesTheSketchesOfTheOriginal(t *testing.T) {
	out := filepath.Join(t.TempDir(), "client_count.parquet")
	run(t, "build", "-o", out, activity)
	requireSameColumns(t, counts, out, "normalizedchannel", "country", "version", "os", "e10scohort")
	requireSameRegisters(t, counts, out)
}

func TestBuild_WritesTheEncodingOfTheOriginalsSum(t *testing.T) {
	out := filepath.Join(t.TempDir(), "client_count.parquet")
	run(t, "build", "-o", out, activity)
	want, got := column(t, sparse, "hll"), column(t, out, "hll")
	require.Len(t, got, len(want))
	for i := range want {
		require.Len(t, got[i], len(want[i]), "row %d", i+1)
		require.Equal(t, hll.IsSparse(want[i]), hll.IsSparse(got[i]), "row %d", i+1)
	}
}

func TestEngagement_EqualsTheExpectedFigures(t *testing.T) {
	for _, c := range []struct {
		name, expected string
		args           []string
	}{
		{"by channel, with a day missing", "expected_engagement.csv", []string{"--by", "normalizedchannel"}},
		{"by cohort on one channel", "expected_e10s.csv", []string{"--by", "e10scohort", "--where", "normalizedchannel=beta"}},
		{"by os over all days", "expected_by_os.csv", []string{"--by", "os", "--total"}},
	} {
		for _, file := range []string{counts, sparse} {
			t.Run(c.name+" of "+filepath.Base(file), func(t *testing.T) {
				args := append([]string{"engagement", "--format", "csv", "--exact", activity, file}, c.args...)
				require.Equal(t, read(t, fixture+c.expected), run(t, args...))
			})
		}
	}
}

func TestMerge_SameFileTwiceChangesNothing(t *testing.T) {
	out := filepath.Join(t.TempDir(), "merged.parquet")
	run(t, "merge", "-o", out, counts, sparse)
	requireSameColumns(t, counts, out, "normalizedchannel", "country", "version", "os", "e10scohort")
	requireSameRegisters(t, counts, out)
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	require.NoError(t, err)
	return v
}
