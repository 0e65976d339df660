// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const csvHeader = "client_id,activitydate,os\n"

// badInputs are files with errors, and the error after the path.
var badInputs = []struct{ name, file, text, says string }{
	{"a field too few", "a.csv", csvHeader + "x,2016-09-05,Linux\ny,2016-09-05\n", ", line 3 (row 2): the row has 2 fields, the line of column names has 3"},
	{"a missing closing quote", "a.csv", csvHeader + "\"x,2016-09-05,Linux\n", `, line 2 (row 1): extraneous or missing " in quoted-field`},
	{"no column of ids", "a.csv", "activitydate,os\n2016-09-05,Linux\n", ": there is no column client_id; the columns are activitydate, os"},
	{"no column of the day", "a.csv", "client_id,os\nx,Linux\n", ": there is no column activitydate; the columns are client_id, os"},
	{"a NULL id", "a.csv", csvHeader + "x,2016-09-05,Linux\n,2016-09-06,Linux\n", ", line 3 (row 2): client_id is NULL: leave such rows out when the file is written"},
	{"a NULL day", "a.csv", csvHeader + "x,,Linux\n", ", line 2 (row 1): activitydate is NULL"},
	{"an impossible date", "a.csv", csvHeader + "x,2016-02-30,Linux\n", `, line 2 (row 1): activitydate: "2016-02-30" is not a date: write it YYYY-MM-DD`},
	{"a column named twice", "a.csv", "client_id,activitydate,os,os\n", `: two columns are named "os"`},
	{"a byte order mark before a bad row", "a.csv", "\ufeff" + csvHeader + "\n\nx,2016-09-05\n", ", line 4 (row 1): the row has 2 fields, the line of column names has 3"},
	{"a gzip header without gzip data", "a.csv.gz", "\x1f\x8bbut no gzip file", ": not a gzip file, as its first bytes say: gzip: invalid header"},
	{"an empty CSV file", "a.csv", "", ": the file is empty: it needs a line of column names"},
	{"an empty Parquet file", "a.parquet", "", ": the file is empty"},
	{"Arrow with the name of Parquet", "a.parquet", "ARROW1\x00\x00", ": an Arrow file (Feather): write it as Parquet"},
	{"an Arrow stream with the name of Parquet", "a.parquet", "\xff\xff\xff\xff\x10\x01\x00\x00", ": an Arrow stream: write it as Parquet"},
	{"the first Feather", "a.feather", "FEA1\x00\x00\x00\x00", ": an Arrow file (Feather): write it as Parquet"},
	{"Parquet with the name of text", "a.csv", "PAR1\x15\x04\x15\x20", ": a Parquet file: give it by a name such as NAME.parquet"},
	{"a column with the name of the sketches", "a.csv", "client_id,activitydate,hll\nx,2016-09-05,y\n", ": column hll has the name of the sketches: leave it out with --exclude hll"},
	{"ORC without a name of its own", "part-0", "ORC\x08\x03\x10\x08", ": an ORC file: write it as Parquet"},
	{"a spreadsheet saved as CSV", "a.csv", "PK\x03\x04\x14\x00", ": a zip file, as spreadsheets are: unpack it, or save it as CSV"},
	{"bzip2", "a.csv.bz2", "BZh91AY&SY", ": compressed with bzip2: decompress it"},
	{"UTF-16", "a.csv", "\xff\xfec\x00l\x00", ": text in UTF-16: convert it to UTF-8, for example with iconv"},
	{"Latin-1 in a dimension", "a.csv", csvHeader + "x,2016-09-05,Linux\ny,2016-09-05,Gr\xf6\xdfe\n", `, line 3 (row 2): os: "Gr\xf6\xdfe" is not UTF-8: convert the file`},
	{"lines that end with CR", "a.csv", strings.ReplaceAll(csvHeader, "\n", "\r") + "x,2016-09-05,Linux\r", ": lines end with CR alone: convert them"},
	{"a column without a name", "a.csv", "," + csvHeader + "0,x,2016-09-05,Linux\n", ": column column1 has no name in the file, as the index of a pandas data frame: leave it out with --exclude column1"},
	{"a JSON array", "a.json", `[{"client_id":"x","activitydate":"2016-09-05"}]`, ": a JSON array, not JSON lines: write an object per line"},
	{"text with the name of Parquet", "a.parquet", csvHeader, ": not a Parquet file; the name of a text file ends with .csv"},
	{"text with another name", "a.txt", csvHeader, ": not a Parquet file; the name of a text file ends with .csv"},
}

func TestBuild_BadInputIsAnErrorAndWritesNothing(t *testing.T) {
	for _, c := range badInputs {
		t.Run(c.name, func(t *testing.T) {
			in := filepath.Join(t.TempDir(), c.file)
			require.NoError(t, os.WriteFile(in, []byte(c.text), 0o600))
			requireRejected(t, in+c.says, "build", in)
		})
	}
}

// requireRejected runs a command line that has to fail with an error and leave its output unchanged.
func requireRejected(t *testing.T, says string, args ...string) {
	t.Helper()
	folder := t.TempDir()
	out := filepath.Join(folder, "out")
	require.NoError(t, os.WriteFile(out, []byte("the old content"), 0o600))
	_, err := try(t, append(args, "-o", out)...)
	require.ErrorContains(t, err, says)
	require.Equal(t, "the old content", read(t, out))
	requireFiles(t, folder, "out")
}

func requireFiles(t *testing.T, folder string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	require.ElementsMatch(t, want, got)
}

func TestBuild_TruncatedParquetIsAnError(t *testing.T) {
	whole := read(t, activity)
	for _, share := range []float64{0.001, 0.5, 0.9, 0.9999} {
		in := filepath.Join(t.TempDir(), "cut.parquet")
		require.NoError(t, os.WriteFile(in, []byte(whole[:int(share*float64(len(whole)))]), 0o600))
		requireRejected(t, in+": not a Parquet file, or a truncated one", "build", in)
	}
}

func TestBuild_DamagedParquetNamesTheRow(t *testing.T) {
	damaged := []byte(read(t, activity))
	clear(damaged[len(damaged)/2:][:20_000])
	in := filepath.Join(t.TempDir(), "damaged.parquet")
	require.NoError(t, os.WriteFile(in, damaged, 0o600))
	requireRejected(t, in+", row ", "build", in)
}

func TestCommands_BadFlagsAreErrors(t *testing.T) {
	for _, c := range []struct {
		says string
		args []string
	}{
		{"precision 25: must be 4 to 24", []string{"build", "--precision", "25", activity}},
		{"--memory 1.0MB is too small: the minimum is 128MB", []string{"build", "--memory", "1MB", activity}},
		{`"much" is not a size: write it as 512MB or 2GiB`, []string{"build", "--memory", "much", activity}},
		{"--zstd-level 0: must be 1 to 22", []string{"build", "--zstd-level", "0", activity}},
		{"--zstd-level 23: must be 1 to 22", []string{"merge", "--zstd-level", "23", counts}},
		{"there is no column nobody", []string{"build", "--dimensions", "nobody", activity}},
		{"column os is named twice", []string{"build", "--dimensions", "os,os", activity}},
		{"type \"text\" is not one of varchar", []string{"build", "--dimensions", "os:text", activity}},
		{"country: \"US\" is not a date", []string{"build", "--date", "country", activity}},
		{"column activitydate is DATE, not sketches", []string{"merge", "--sketch", "activitydate", "--by", "os", counts}},
		{"--where os: write it COLUMN=VALUE", []string{"engagement", "--where", "os", counts}},
		{"--from: \"soon\" is not a date", []string{"engagement", "--from", "soon", counts}},
		{"--format xml is not one of table, csv, json, html", []string{"engagement", "--format", "xml", counts}},
		{"client_count.parquet: there is no column client_id; the columns are activitydate, ", []string{"build", activity, counts}},
		{"precisions differ", []string{"merge", counts, precision14(t)}},
	} {
		t.Run(c.says, func(t *testing.T) { requireRejected(t, c.says, c.args...) })
	}
}

func TestCommands_OutputWithoutANameIsAnError(t *testing.T) {
	for _, args := range [][]string{{"build", activity}, {"merge", counts}, {"generate", "pings", "--clients", "1"}} {
		_, err := try(t, append(args, "-o", "")...)
		require.EqualError(t, err, "--output is empty: give the name of a file", args[0])
	}
}

func TestBuild_NullIDNamesTheRow(t *testing.T) {
	first := slices.IndexFunc(column(t, activity, "normalizedchannel"), func(v []byte) bool { return v == nil })
	says := fmt.Sprintf("%s, row %d: normalizedchannel is NULL", activity, first+1)
	requireRejected(t, says, "build", "--threads", "1", "--id", "normalizedchannel", "--dimensions", "os", activity)
}

// precision14 makes a client_count of another precision than the fixture's.
func precision14(t *testing.T) string {
	out := filepath.Join(t.TempDir(), "precision14.parquet")
	run(t, "build", "--precision", "14", "-o", out, activity)
	return out
}

func TestInspect_NamesBadSketchesAndFails(t *testing.T) {
	// The fixture's activity has no sketches, but its ids are bytes as sketches are: all of them bad ones.
	out, err := try(t, "inspect", "--sketch", "client_id", "--most", "2", activity)
	require.EqualError(t, err, "bad sketches: 761720")
	require.Contains(t, out, "bad sketch           row 1: ")
	require.Contains(t, out, "bad sketch           row 2: ")
	require.Contains(t, out, "and 761,718 more")
}

func TestInspect_DescribesAFile(t *testing.T) {
	out := run(t, "inspect", sparse)
	for _, line := range []string{
		"rows                 9,105\n",
		"days                 2016-09-05 to 2016-11-03, 59 of them\n",
		"days without data    2016-10-08\n",
		"normalizedchannel    varchar, 4 values: aurora, beta, nightly, release; NULL in 236 rows\n",
		"e10senabled          boolean, 2 values: false, true\n",
		"sparse sketches      8,437, ",
		"dense sketches       668, ",
		"bad sketches         none\n",
	} {
		require.Contains(t, out, line)
	}
}

func TestBuildAndMerge_OutputIsNotNamedAsText(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out.csv")
	for _, args := range [][]string{{"build", activity}, {"merge", counts}} {
		_, err := try(t, append(args, "-o", out)...)
		require.EqualError(t, err, "--output "+out+": the output is Parquet, not text: write NAME.parquet")
		require.NoFileExists(t, out)
	}
}
