#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# pandas with fastparquet writes a timedelta as a time of day: Polars reads 26 hours as NULL, PyArrow prints 02:00 or 00:00, DuckDB fails.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check fastparquet==2026.9.0 pandas==3.1.1 pyarrow==26.0.1 numpy==2.4.6 polars==2.1.0 duckdb==2.0.1
cd "$dir"
venv/bin/python -W ignore - <<'PYTHON'
import importlib.metadata as m
import duckdb, pandas as pd, polars as pl, pyarrow.parquet as pq
for p in "pandas", "fastparquet", "pyarrow", "polars", "duckdb":
    print(p, m.version(p))
pd.DataFrame({"session": pd.to_timedelta(["1 hour", "26 hours"])}).to_parquet("t.parquet", engine="fastparquet", index=False)
arrow, polars = pq.read_table("t.parquet")["session"], pl.read_parquet("t.parquet")["session"]
print("written: 1 hour and 26 hours")
print("pyarrow:", arrow.type, [str(v) for v in arrow.to_pylist()])
print("polars: ", polars.dtype, polars.to_list())
try:
    duck = duckdb.sql("SELECT session FROM 't.parquet'").fetchall()
except duckdb.Error as e:
    duck = type(e).__name__
print("duckdb: ", duck)
assert str(arrow.type).startswith("time64") and polars.to_list()[1] is None and duck == "InvalidInputException", "changed"
PYTHON
