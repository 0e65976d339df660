// SPDX-License-Identifier: Apache-2.0

package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
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
		{"column twice is BYTE_ARRAY without a logical type, which may be text or a sketch", []string{"--exclude", "pings,crashes,share"}},
		{"column share is DOUBLE, which --sum cannot add: cast it to BIGINT", []string{"--sum", "share", "--by", "os"}},
	} {
		t.Run(c.says, func(t *testing.T) { requireRefused(t, c.says, append(append([]string{"merge"}, c.args...), in)...) })
	}
	said, err := tryNotes(t, "merge", "--by", "os", "-o", filepath.Join(t.TempDir(), "out"), in)
	require.NoError(t, err)
	require.Contains(t, said, "note: not in the output: twice, pings, crashes, share;")
}
