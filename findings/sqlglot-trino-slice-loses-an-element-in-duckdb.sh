#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# sqlglot translates Trino's slice(array, start, length) to DuckDB's array_slice(array, begin, end) without changing the third argument.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check sqlglot==30.30.0 duckdb==2.0.1
cd "$dir"
venv/bin/python -W ignore - <<'PYTHON'
import importlib.metadata as m
import duckdb, sqlglot
for p in "sqlglot", "duckdb":
    print(p, m.version(p))
trino = "SELECT slice(ARRAY[10, 20, 30, 40], 2, 3) AS x"   # Trino: start 2, length 3: [20, 30, 40]
sql = sqlglot.transpile(trino, read="trino", write="duckdb")[0]
result = duckdb.sql(sql).fetchall()[0][0]
print("trino: ", trino, "-> [20, 30, 40] (start, length)")
print("duckdb:", sql, "->", result)
assert result == [20, 30], "changed"
PYTHON
