#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# DuckDB's sum() of whole numbers is HUGEINT, and COPY writes HUGEINT to Parquet as DOUBLE: neighbouring ids become one.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check duckdb==2.0.1 pyarrow==26.0.1
cd "$dir"
venv/bin/python -W ignore - <<'PYTHON'
import importlib.metadata as m
import duckdb, pyarrow.parquet as pq
for p in "duckdb", "pyarrow":
    print(p, m.version(p))
duckdb.sql("""COPY (SELECT key, sum(id) AS total, max(id) AS largest FROM (VALUES (1, 9007199254740992), (2, 9007199254740993)) AS t (key, id)
              GROUP BY key ORDER BY key) TO 'sums.parquet'""")
table = pq.read_table("sums.parquet")
print(table.schema.to_string().split("\n-- ")[0])
print(table.to_pylist())
inside = duckdb.sql("SELECT count(DISTINCT s) FROM (SELECT sum(id) AS s FROM (VALUES (1, 9007199254740992), (2, 9007199254740993)) AS t (key, id) GROUP BY key)").fetchall()[0][0]
outside = duckdb.sql("SELECT count(DISTINCT total) FROM 'sums.parquet'").fetchall()[0][0]
print("count(DISTINCT) of the sums: in the query", inside, "- from the file", outside)
assert str(table.schema.field("total").type) == "double" and str(table.schema.field("largest").type) == "int64", "changed"
assert (inside, outside) == (2, 1), "changed"
PYTHON
