// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
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

// Hive tables often have a folder for each part of the day.
func TestFolders_GiveTheDayInParts(t *testing.T) {
	root := tree(t, map[string]string{
		"year=2016/month=09/day=28/hour=00/0.csv": "client_id\nx\ny\n",
		"year=2016/month=9/day=28/hour=13/0.csv":  "client_id\nz\n",
		"year=2016/month=10/day=5/hour=13/0.csv":  "client_id\nx\n",
	})
	out := filepath.Join(t.TempDir(), "counts.parquet")
	run(t, "build", "--date", "{year}-{month}-{day}", "--exclude", "hour", "-o", out, root)
	require.Equal(t, "activitydate,dau\n2016-09-28,3\n2016-10-05,1\n",
		regexp.MustCompile(`(?m)^([^,]*,[^,]*),.*$`).ReplaceAllString(run(t, "engagement", "-f", "csv", out), "$1"))
	run(t, "build", "--date", "{year}{month}{day}", "-o", out, root)
	require.Contains(t, run(t, "inspect", out), "hour")

	file := filepath.Join(root, "year=2016/month=10/day=5/hour=13/0.csv")
	requireRejected(t, file+": --date {year}-{week}: no folder above it is named week=VALUE", "build", "--date", "{year}-{week}", file)
	requireRejected(t, file+`, line 2 (row 1): activitydate: "2016-05-10-x" is not a date`, "build", "--date", "{year}-{day}-{month}-x", file)
}

// Polars and DuckDB can write the columns of the folders' names into the files, too.
func TestFolders_ColumnsThatTheFilesHaveTooAreTold(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "country=XX")
	require.NoError(t, os.Mkdir(folder, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "0.parquet"), []byte(read(t, activity)), 0o600))
	out := filepath.Join(t.TempDir(), "counts.parquet")
	said, err := tryNotes(t, "build", "-o", out, folder)
	require.NoError(t, err)
	require.Contains(t, said, "note: column country: taken from the folders' names, not from the files, which have it too\n")
	require.Equal(t, []byte("XX"), column(t, out, "country")[0])
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
		t.Run(c.name, func(t *testing.T) { requireRejected(t, c.says, "build", tree(t, c.files)) })
	}
}

const dated = "activitydate=2016-09-05/os=Linux/0.csv"

func TestFolders_LinksGlobsAndSinglePartitions(t *testing.T) {
	root := tree(t, map[string]string{dated: "client_id\nx\ny\n", "activitydate=2016-09-05/os=/0.csv": "client_id\nz\n"})
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(root, link))
	for name, args := range map[string][]string{
		"a link to the folder": {link},
		"one folder each":      {filepath.Join(root, "activitydate=2016-09-05/os=Linux"), filepath.Join(root, "activitydate=2016-09-05/os=")},
		"one file each":        {filepath.Join(root, dated), filepath.Join(root, "activitydate=2016-09-05/os=/0.csv")},
	} {
		t.Run(name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "counts.parquet")
			run(t, append([]string{"build", "-o", out}, args...)...)
			require.Equal(t, [][]byte{{}, []byte("Linux")}, column(t, out, "os"))
		})
	}
	require.NoError(t, os.Symlink(root, filepath.Join(root, "cycle")))
	requireRejected(t, "cycle: a link to a folder that encloses it", "build", root)
}

func TestFolders_ValuesOfMixedForm(t *testing.T) {
	root := tree(t, map[string]string{
		"x=2016-09-05/0.csv":                 "client_id,activitydate\nx,20160905\n",
		"x=control/0.csv":                    "client_id,activitydate\nx,20160905\n",
		"x=__HIVE_DEFAULT_PARTITION__/0.csv": "client_id,activitydate\nx,20160905\n",
	})
	out := filepath.Join(t.TempDir(), "counts.parquet")
	said, err := tryNotes(t, "build", "-o", out, root)
	require.NoError(t, err)
	require.Equal(t, "note: column x: read as varchar, because the files differ", strings.SplitN(said, "\n", 2)[0])
	require.Equal(t, [][]byte{[]byte("2016-09-05"), []byte("control"), nil}, column(t, out, "x"))
}

func TestFolders_OtherFilesAreNamedAndNotRead(t *testing.T) {
	root := tree(t, map[string]string{dated: "client_id\nx\n", "README.md": "text", "activitydate=2016-09-05/os=Linux/empty": ""})
	said, err := tryNotes(t, "build", "-o", filepath.Join(t.TempDir(), "out"), root)
	require.NoError(t, err)
	require.Contains(t, said, "note: "+filepath.Join(root, "README.md")+": not read: not a Parquet, CSV or JSON lines file\n")
	require.Contains(t, said, "empty: not read: the file is empty\n")
}

func TestFolders_TableFormatsAreRecognisedFromInside(t *testing.T) {
	const says = ": its files may hold deleted rows"
	for name, c := range map[string]struct{ mark, data string }{
		"an Iceberg table":           {"metadata/1.metadata.json", "data/activitydate=2016-09-05/0.csv"},
		"a Delta table":              {"_delta_log/0.json", "activitydate=2016-09-05/0.csv"},
		"a Hudi table":               {".hoodie/hoodie.properties", "2016/0.csv"},
		"a Paimon table":             {"snapshot/snapshot-1", "os=Linux/bucket-0/0.csv"},
		"a DuckLake table":           {"ducklake-019a7f6c-5d3e-7c11-8a54-0123456789ab.parquet", "0.csv"},
		"a transactional Hive table": {"base_0000001/bucket_0", "delta_0000002_0000002_0000/0.csv"},
	} {
		t.Run(name, func(t *testing.T) {
			root := tree(t, map[string]string{c.mark: "", c.data: "client_id\nx\n"})
			data := filepath.Join(root, c.data)
			for _, path := range []string{root, filepath.Dir(data), data} {
				requireRejected(t, name+says, "build", path)
			}
		})
	}
}

// Whichever file is first, a column that a file lacks is NULL there.
func TestFiles_ColumnsThatSomeFilesLack(t *testing.T) {
	root := tree(t, map[string]string{
		"a.csv": "client_id,activitydate\nx,2016-09-05\n",
		"b.csv": "activitydate;os;client_id\n2016-09-05;Linux;y\n",
	})
	a, b := filepath.Join(root, "a.csv"), filepath.Join(root, "b.csv")
	for _, args := range [][]string{{a, b}, {b, a}} {
		out := filepath.Join(t.TempDir(), "counts.parquet")
		said, err := tryNotes(t, append([]string{"build", "-o", out}, args...)...)
		require.NoError(t, err)
		require.Contains(t, said, "note: column os: NULL for the rows of "+a+", which lacks it\n")
		require.Equal(t, [][]byte{[]byte("Linux"), nil}, column(t, out, "os"))
	}
}

// The error names a file that has the column as it says, whichever file is first.
func TestFiles_ErrorsNameTheFileOfTheColumn(t *testing.T) {
	const row = `"client_id":"x","activitydate":"2016-09-05"`
	root := tree(t, map[string]string{
		"none.jsonl":   "{" + row + "}\n",
		"null.jsonl":   "{" + row + `,"extra":null}` + "\n",
		"text.csv":     "client_id,activitydate,extra\nx,2016-09-05,1\n",
		"object.jsonl": "{" + row + `,"extra":{"a":1}}` + "\n",
	})
	object := filepath.Join(root, "object.jsonl")
	says := object + ": column extra is object, which cannot be a dimension: leave it out with --exclude extra"
	for _, first := range []string{"none.jsonl", "null.jsonl", "text.csv"} {
		requireRejected(t, says, "build", filepath.Join(root, first), object, object)
	}
}

func TestFiles_TypesThatNoTypeHoldsAreNamedWithTheirFiles(t *testing.T) {
	root := t.TempDir()
	runPython(t, "-c", `import datetime, pyarrow as pa, pyarrow.parquet as pq, sys
for name, value in {"a": 1.5, "b": datetime.date(2016, 9, 5), "c": 2.5}.items():
    pq.write_table(pa.table({"client_id": ["x"], "activitydate": [datetime.date(2016, 9, 5)], "extra": [value]}), f"{sys.argv[1]}/{name}.parquet")`, root)
	a, b := filepath.Join(root, "a.parquet"), filepath.Join(root, "b.parquet")
	requireRejected(t, a+": column extra is DOUBLE here and DATE in "+b+", which cannot be a dimension: leave it out with --exclude extra", "build", root)
}
