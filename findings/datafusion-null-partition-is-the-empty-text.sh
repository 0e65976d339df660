#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# DataFusion writes the rows whose partition is NULL and those whose partition is '' into one folder, "os=": read again, by itself, PyArrow or DuckDB, all of them are ''.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check datafusion==55.0.0 duckdb==2.0.1 pyarrow==26.0.1
cd "$dir"
venv/bin/python -W ignore - <<'PYTHON'
import glob
import importlib.metadata as m
import datafusion, duckdb, pyarrow.dataset as dataset
for p in "datafusion", "duckdb", "pyarrow":
    print(p, m.version(p))
context = datafusion.SessionContext()
count = "SELECT os, count(*) AS clients FROM {} GROUP BY os ORDER BY os"
context.sql("CREATE TABLE clients AS SELECT * FROM (VALUES ('a', 'Linux'), ('b', NULL), ('c', '')) AS t (client_id, os)").collect()
context.sql("COPY clients TO 'clients' STORED AS PARQUET PARTITIONED BY (os)").collect()
context.sql("CREATE EXTERNAL TABLE again STORED AS PARQUET PARTITIONED BY (os) LOCATION 'clients/'").collect()
folders = sorted(glob.glob("os=*", root_dir="clients"))
written = [tuple(row.values()) for row in context.sql(count.format("clients")).to_pylist()]
read = [tuple(row.values()) for row in context.sql(count.format("again")).to_pylist()]
pyarrow = sorted(row["os"] for row in dataset.dataset("clients", partitioning="hive").to_table().to_pylist())
duck = sorted(os for _, os in duckdb.sql("FROM read_parquet('clients/**/*.parquet', hive_partitioning = true)").fetchall())
print("folders", folders)
print("DataFusion, before", written)
print("DataFusion, after ", read)
print("PyArrow", pyarrow)
print("DuckDB", duck)
assert folders == ["os=", "os=Linux"], "changed"
assert sorted(written, key=str) == [("", 1), ("Linux", 1), (None, 1)], "changed"
assert read == [("", 2), ("Linux", 1)] and pyarrow == duck == ["", "", "Linux"], "changed"
PYTHON
