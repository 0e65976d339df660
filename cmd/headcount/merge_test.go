// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/parquetout"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

// measures makes a file with two sketch columns, hll and twice, of which twice is NULL on Linux, and measures.
func measures(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "measures.parquet")
	runPython(t, "-c", `import duckdb, sys
duckdb.sql(f"""COPY (SELECT activitydate, os, hll, CASE WHEN os <> 'Linux' THEN hll END AS twice,
    10::BIGINT AS pings, 2::INTEGER AS crashes, 0.5::DOUBLE AS share FROM '{sys.argv[1]}') TO '{sys.argv[2]}'""")`, counts, path)
	return path
}

func TestMerge_UnitesSeveralSketchesAndAddsSums(t *testing.T) {
	in, out := measures(t), filepath.Join(t.TempDir(), "out.parquet")
	run(t, "merge", "--sketch", "hll,twice", "--sum", "pings,crashes", "--exclude", "share", "--by", "os", "-o", out, in)
	want := filepath.Join(t.TempDir(), "want.parquet")
	run(t, "merge", "--by", "os", "-o", want, counts)
	requireSameColumns(t, want, out, "os", "hll")
	hll, twice := column(t, out, "hll"), column(t, out, "twice")
	for i, os := range column(t, out, "os") {
		if string(os) == "Linux" {
			require.Nil(t, twice[i])
		} else {
			require.Equal(t, hll[i], twice[i])
		}
	}
	runPython(t, "-c", `import duckdb, sys
got = duckdb.sql(f"SELECT os, pings, crashes FROM '{sys.argv[2]}' ORDER BY 1").fetchall()
want = duckdb.sql(f"SELECT os, sum(pings), sum(crashes) FROM '{sys.argv[1]}' GROUP BY 1 ORDER BY 1").fetchall()
assert got == want, (got, want)`, in, out)
}

// Rows without a sketch have sums all the same.
func TestMerge_KeepsSumsOfGroupsWithoutASketch(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out.parquet")
	run(t, "merge", "--sketch", "twice", "--sum", "pings", "--by", "os", "-o", out, measures(t))
	require.Equal(t, column(t, counts2(t), "os"), column(t, out, "os"))
}

// counts2 is the fixture rolled up by os.
func counts2(t *testing.T) string {
	out := filepath.Join(t.TempDir(), "by-os.parquet")
	run(t, "merge", "--by", "os", "-o", out, counts)
	return out
}

func TestMerge_MeasuresNeedAWord(t *testing.T) {
	in := measures(t)
	for _, c := range []struct {
		says string
		args []string
	}{
		{"column pings is INT_64: add it up with --sum pings", []string{"--exclude", "twice,share"}},
		{"column share is DOUBLE, which cannot be a dimension: leave it out with --exclude share", []string{"--exclude", "twice,pings,crashes"}},
		{"column twice is BYTE_ARRAY without a logical type, which may be text or a sketch: name the dimensions with --by to read it as text, unite it with --sketch hll,twice, or leave it out", []string{"--exclude", "pings,crashes,share"}},
		{"column share is DOUBLE, which --sum cannot add: cast it to BIGINT", []string{"--sum", "share", "--by", "os"}},
	} {
		t.Run(c.says, func(t *testing.T) {
			requireRejected(t, in+": "+c.says, append(append([]string{"merge"}, c.args...), in)...)
		})
	}
	said, err := tryNotes(t, "merge", "--by", "os", "-o", filepath.Join(t.TempDir(), "out"), in)
	require.NoError(t, err)
	require.Contains(t, said, "note: not in the output: twice, pings, crashes, share;")
}

// Spark's merge writes an empty sketch of precision 12 for a group without ids.
func TestMerge_UnitesEmptySketchesOfAnotherPrecision(t *testing.T) {
	in, out := filepath.Join(t.TempDir(), "in.parquet"), filepath.Join(t.TempDir(), "out.parquet")
	f, err := os.Create(in)
	require.NoError(t, err)
	w, err := parquetout.NewWriter(f, []sortkey.Column{{Name: "os", Type: sortkey.Varchar}},
		parquetout.Options{Sketches: []string{"hll"}, Level: 3, RowGroupBytes: 1 << 20, CreatedBy: "test"})
	require.NoError(t, err)
	empty12, empty10, one14 := []byte{3, 12}, append([]byte{2, 10}, make([]byte, 1<<10)...), []byte{3, 14, 5, 0, 1}
	for _, row := range []struct {
		os     string
		sketch []byte
	}{{"a", empty12}, {"a", one14}, {"a", empty12}, {"b", one14}, {"b", empty10}, {"c", empty12}, {"c", empty10}} {
		require.NoError(t, w.Add(sortkey.AppendString(nil, []byte(row.os)), [][]byte{row.sketch}, nil))
	}
	require.NoError(t, w.Close())
	require.NoError(t, f.Close())
	run(t, "merge", "--by", "os", "-o", out, in)
	require.Equal(t, [][]byte{one14, one14, empty10}, column(t, out, "hll"))
}
