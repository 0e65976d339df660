// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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

// texts are files with the same rows: x on Linux, y on NULL, z on an empty text.
var texts = []struct {
	name, text string
	args       []string
}{
	{"a.csv", "client_id,activitydate,os\nx,2016-09-05,Linux\ny,2016-09-05,\nz,2016-09-05,\"\"\n", nil},
	{"a.tsv", "client_id\tactivitydate\tos\nx\t2016-09-05T01:02:03Z\tLinux\ny\t2016-09-05 23:59:59\t\\N\nz\t20160905\t\n", []string{"--null", `\N`}},
	{"a.txt.csv", "client_id~activitydate~os\nx~2016-09-05~Linux\ny~2016-09-05~NULL\nz~2016-09-05~\"\"\n", []string{"--delimiter", "~", "--null", "NULL", "--null", "NA"}},
	{"pipes.csv", "client_id|activitydate|os\nx|2016-09-05|Linux\ny|2016-09-05|\nz|2016-09-05|\"\"\n", nil},
	{"a.jsonl", `{"client_id": "x", "activitydate": "2016-09-05", "os": "Linux"}
{"activitydate": 20160905, "client_id": "y"}

{"client_id": "z", "os": "", "activitydate": "2016-09-05"}`, nil},
}

func TestText_Dialects(t *testing.T) {
	for _, c := range texts {
		t.Run(c.name, func(t *testing.T) {
			in, out := filepath.Join(t.TempDir(), c.name), filepath.Join(t.TempDir(), "counts.parquet")
			require.NoError(t, os.WriteFile(in, []byte(c.text), 0o600))
			run(t, append([]string{"build", "-o", out, in}, c.args...)...)
			require.Equal(t, [][]byte{{}, []byte("Linux"), nil}, column(t, out, "os"))
			require.Equal(t, "cardinality\n3\n", run(t, "engagement", "--total", "-f", "csv", out))
		})
	}
}

func TestText_StandardInputMayBeJSONLines(t *testing.T) {
	c := exec.Command(binary(t), "build", "-o", filepath.Join(t.TempDir(), "out"), "-")
	c.Stdin = strings.NewReader(texts[4].text)
	said, err := c.CombinedOutput()
	require.NoError(t, err, string(said))
	require.Contains(t, string(said), "3 rows from 3")
}

func TestJSONLines_Errors(t *testing.T) {
	good := `{"client_id": "x", "activitydate": "2016-09-05", "os": "Linux"}` + "\n"
	many := strings.Repeat(good, 20_000) // more than the first chunk
	for _, c := range []struct{ says, text string }{
		{": line 2: not a JSON object", good + "{\"client_id\": \n"},
		{": line 2: not a JSON object", good + "[]\n"},
		{", line 20001 (row 20001): column extra is not in the first rows of the file", many + `{"client_id": "x", "extra": 1}`},
		{", line 20001 (row 20001): os is of type array, and string in the first rows", many + `{"client_id": "x", "activitydate": "2016-09-05", "os": []}`},
		{", line 20001 (row 20001): client_id is of type number with a fraction", many + `{"client_id": 1.5, "activitydate": "2016-09-05"}`},
		{", line 20001 (row 20001): activitydate is NULL", many + `{"client_id": "x"}`},
		{": column os is object, which cannot be a dimension: leave it out with --exclude os", `{"client_id": "x", "activitydate": "2016-09-05", "os": {}}`},
		{": column os is string and boolean, which cannot be a dimension", good + `{"os": true}`},
	} {
		in := filepath.Join(t.TempDir(), "a.jsonl")
		require.NoError(t, os.WriteFile(in, []byte(c.text), 0o600))
		requireRejected(t, in+c.says, "build", in)
	}
}
