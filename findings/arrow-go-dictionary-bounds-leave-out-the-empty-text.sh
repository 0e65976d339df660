#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# arrow-go leaves empty texts out when it computes a Parquet column's minimum from an Arrow dictionary array, and counts them where the same texts are a plain array.
# The file then says that its least text is 'Darwin', so readers skip the rows where os = '', which is how pings say that they do not know it. Without a filter they are there.
# Exit status 0: the behaviour is as described. 1: it has changed. Needs Go 1.26 or later.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/go"
cd "$dir/go"
cat >main.go <<'GO'
package main

import (
	"log"
	"os"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func write(path string, column arrow.Array) {
	schema := arrow.NewSchema([]arrow.Field{{Name: "os", Type: column.DataType()}}, nil)
	f, err := os.Create(path)
	check(err)
	w, err := pqarrow.NewFileWriter(schema, f, nil, pqarrow.DefaultWriterProps())
	check(err)
	check(w.Write(array.NewRecordBatch(schema, []arrow.Array{column}, int64(column.Len()))))
	check(w.Close())
}

func main() {
	kind := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
	coded := array.NewDictionaryBuilder(memory.DefaultAllocator, kind).(*array.BinaryDictionaryBuilder)
	plain := array.NewStringBuilder(memory.DefaultAllocator)
	for _, os := range []string{"Windows_NT", "", "Darwin", "", "Linux", ""} {
		check(coded.AppendString(os))
		plain.Append(os)
	}
	write("../dictionary.parquet", coded.NewArray())
	write("../plain.parquet", plain.NewArray())
}
GO
go mod init finding 2>/dev/null
go get github.com/apache/arrow-go/v18@v18.8.0 2>/dev/null
go mod tidy 2>/dev/null
go run .
echo "arrow-go $(go list -m -f '{{.Version}}' github.com/apache/arrow-go/v18)"
cd "$dir"
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check pyarrow==26.0.1 duckdb==2.0.1 polars==2.1.0 datafusion==55.0.0
venv/bin/python -W ignore - <<'PYTHON'
import importlib.metadata as m
import datafusion, duckdb, polars as pl, pyarrow.dataset as ds, pyarrow.parquet as pq
for p in "pyarrow", "duckdb", "polars", "datafusion":
    print(p, m.version(p))
for kind, empty in {"plain": 3, "dictionary": 0}.items():
    path = kind + ".parquet"
    least = pq.read_metadata(path).row_group(0).column(0).statistics.min
    context = datafusion.SessionContext()
    context.register_parquet("t", path)
    found = {
        "pyarrow": pq.read_table(path, filters=ds.field("os") == "").num_rows,
        "duckdb": duckdb.sql(f"SELECT count(*) FROM '{path}' WHERE os = ''").fetchall()[0][0],
        "polars": pl.scan_parquet(path).filter(pl.col("os") == "").collect().height,
        "datafusion": context.sql("SELECT count(*) AS n FROM t WHERE os = ''").to_pydict()["n"][0],
    }
    all = pq.read_table(path)["os"].to_pylist().count("")
    print(f"{kind} array: the file's minimum is {least!r}; rows with os = '': {all} in the file, found", found)
    assert all == 3 and set(found.values()) == {empty} and least == ("" if empty else "Darwin"), "changed"
PYTHON
